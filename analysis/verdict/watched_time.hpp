#pragma once

#include <optional>

#include "analysis/verdict/watched.hpp"

namespace kramers::analysis {

/// What one watched number says of the slowest relaxation.
struct WatchedTime {
  double kept;                 // rho+: upper bound of the share of its variance that lies between trajectories
  std::optional<double> time;  // tau_q [time]; absent: no trajectory forgets it, as far as can be told
  bool by_starts = false;      // from the contrast of the start groups, not from within trajectories
};
WatchedTime relaxation_time(const Watched& watched, const SamplingFacts& facts, double alpha);

/// At most so much of its variance may lie between trajectories: the rest moves within them.
inline constexpr double largest_kept = 0.2;

/// Lower bound of that share.
double certainly_kept(const Watched& watched, const SamplingFacts& facts, double alpha);

/// rho(x) = (2/x) (1 - (1 - exp(-x)) / x): the share of the variance of an exponentially correlated number that is left
/// in its mean over x relaxation times.
double variance_of_mean(double relaxations);
/// Its inverse.
double relaxations_from(double share);

/// exp(-b) (1 - exp(-s)) / s: the share of an initial deviation that samples over s relaxation times after b still
/// hold.
double held_share(double relaxations_before, double relaxations_sampled);

}  // namespace kramers::analysis
