#pragma once

#include <algorithm>
#include <string>

#include "analysis/verdict/verdict.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Has the run forgotten where it started? Judged by the TV between start groups (or halves in time). A mixture of
/// groups with shares w_j where the stationary law has P_j is off by at most R = D sum_j |w_j - P_j| / 2.
///
/// Basins in which nothing started add their weight 1 - sum_j P_j times exp(-t_b / t_r) min(1, t_r / t_s), the mean of
/// what is left of it after the burn-in t_b; all of it where t_r is not known.
///
/// Halves in time: with one relaxation time t_r and sampled time t_s the error of the whole is the difference of the
/// halves times coth(t_s / 4 t_r) / 2, so R is D times that; R = D where t_r is not known, or for start groups without
/// predicted weights.
struct Stationarity {
  bool judged = false;        // at least two groups, each with samples due in every replicate
  double distance = 1;        // D: upper bound of the TV between groups, largest over pairs
  double distance_lower = 0;  // lower bound of the same
  double residual = 1;        // R
  double uncovered = 0;       // the part of R of basins in which nothing started
  double residual_lower = 0;  // R from the lower bound: beyond the limit only if really not stationary

  static constexpr double largest_distance = 0.1;
  static constexpr double residual_share = 0.2;  // of the tolerance

  bool holds(double tolerance) const {
    return judged && distance <= largest_distance && residual <= residual_share * tolerance;
  }
  /// Noise falls as one over the root of the number of trajectories, and so do D and R where they are noise.
  double trajectories_to_tell(double tolerance, double trajectories) const {
    const double excess = std::max(distance / largest_distance, residual / (residual_share * tolerance));
    return trajectories * excess * excess;
  }
  bool refuted(double tolerance) const {
    return judged && (distance_lower > largest_distance || residual_lower > residual_share * tolerance);
  }
};

/// R / D, without what basins in which nothing started add; and that.
double residual_factor(const sde::Counts& expected, const SamplingFacts& facts);
double uncovered(const SamplingFacts& facts);

Stationarity stationarity(const sde::Counts& density, const sde::Counts& expected, const SamplingFacts& facts,
                          double alpha);

}  // namespace kramers::analysis
