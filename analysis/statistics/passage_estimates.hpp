#pragma once

#include <vector>

#include "analysis/statistics/jackknife.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// First passages of one event from one origin. Those that had not passed at the end, or diverged before, are censored:
/// they count for the time that they waited. Standard errors by jackknife over the replicates; of an event that none
/// has seen, rate and mean time have none, only a bound.
struct PassageEstimates {
  std::uint64_t trajectories = 0;      // that waited
  std::uint64_t passed = 0, lost = 0;  // lost: diverged before they passed; the others waited to the end
  Estimate rate;                       // [1 / time] passages / time waited by all
  Bounds rate_interval;                // at 1 - alpha
  /// [time] The mean where all have passed; else that of an exponential law, time waited by all / (passages + 1), which
  /// is right in the mean over repetitions where time / passages is 15 % too large at 9 passages.
  Estimate mean_time;
  Bounds mean_time_interval;  // the inverse of that of the rate
  Estimate restricted_mean;   // [time] waited per trajectory, <= the length of the run; no law is assumed
  /// Share that has not passed at the start of each bin, the last one included; errors with 1 / trajectories added in
  /// quadrature, as of basin_weight, for shares that few or no passages tell.
  std::vector<Estimate> survival;

  std::uint64_t waiting() const { return trajectories - passed - lost; }
};

/// That holds the rate of d events in the time E with probability 1 - alpha or more, however few they are (Garwood,
/// Biometrika 28 (1936) 437):
///
///     chi2(alpha / 2; 2 d) / 2 E,   chi2(1 - alpha / 2; 2 d + 2) / 2 E;   from 0 to -ln(alpha) / E without events
Bounds rate_interval(double events, double exposure, double alpha);

/// Events from which on a rate's error bar is that of a Gaussian, within which it is said by its interval.
inline constexpr std::uint64_t many_events = 20;

/// Per origin. Survival by Kaplan & Meier (J. Am. Stat. Assoc. 53 (1958) 457) on the bins, where those lost in a bin
/// were at risk for half of it: S_(j+1) = S_j (1 - d_j / (n_j - c_j / 2)) with n_j waiting at the start of bin j, d_j
/// passages and c_j losses in it. `time_step` [time].
std::vector<PassageEstimates> passage_estimates(const sde::PassageCounts& counts, double time_step,
                                                double alpha = 0.05);

}  // namespace kramers::analysis
