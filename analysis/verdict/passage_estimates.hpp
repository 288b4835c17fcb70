#pragma once

#include <vector>

#include "analysis/verdict/jackknife.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// First passages of one event from one origin. Those that had not passed at the end, or diverged before, are censored:
/// they count for the time that they waited. Standard errors by jackknife over the replicates.
struct PassageEstimates {
  std::uint64_t trajectories = 0;      // that waited
  std::uint64_t passed = 0, lost = 0;  // lost: diverged before they passed; the others waited to the end
  Estimate rate;                       // [1 / time] passages / time waited by all
  Estimate mean_time;        // [time] its inverse: the mean where all have passed, else that of an exponential law
  Estimate restricted_mean;  // [time] waited per trajectory, <= the length of the run; no law is assumed
  std::vector<Estimate> survival;  // share that has not passed at the start of each bin, the last one included

  std::uint64_t waiting() const { return trajectories - passed - lost; }
};

/// Per origin. Survival by Kaplan & Meier (J. Am. Stat. Assoc. 53 (1958) 457) on the bins, where those lost in a bin
/// were at risk for half of it: S_(j+1) = S_j (1 - d_j / (n_j - c_j / 2)) with n_j waiting at the start of bin j, d_j
/// passages and c_j losses in it. `time_step` [time].
std::vector<PassageEstimates> passage_estimates(const sde::PassageCounts& counts, double time_step);

}  // namespace kramers::analysis
