#pragma once

#include <Eigen/Core>

#include "analysis/verdict/stationarity.hpp"
#include "analysis/verdict/time_window.hpp"

namespace kramers::analysis {

/// Levels of a comparison: the upper bound misses with probability `agrees`, the lower one with `disagrees`.
struct Alphas {
  double agrees, disagrees;
};

/// Where the distance of the stationary law from the prediction lies, whatever tolerance is asked for. There are two
/// ways to allow for the start, and the better one counts for each bound:
///
///     pi alone                    off by at most A eps: long burn-ins
///     pi + kappa (late - early)   off by `margin`, since modes that are fast are corrected by too much: short ones,
///                                 open while kappa <= 2
///
/// W, the weight of what was hardly seen, widens both: upper = max(U0 + W, 5 W), lower = L0 - W.
struct Interval {
  double estimate = 0, error = 0;  // as Variation
  double lower = 0, upper = 1;     // lower may be negative
  double from_start = 1;           // what the start may contribute: A eps, or what the second way corrects too much
  int degrees_of_freedom = 0;

  /// The start, or what was not seen, is what keeps the bounds apart.
  bool is_about_the_start(double unknown, double tolerance) const {
    return unknown > tolerance / 4 || from_start > tolerance / 4;
  }
};

/// Total variation of sampled fractions (replicates x cells) from a law, with cells of which nothing was seen counted
/// as unknown.
Interval interval_of(const Windowed& fractions, const Eigen::VectorXd& law, const Stationarity& s,
                     const Alphas& alphas);

/// Of the laws of two independent samples.
Interval interval_between(const Windowed& a, const Stationarity& stationarity_a, const Windowed& b,
                          const Stationarity& stationarity_b, const Alphas& alphas);

/// |mean - predicted| of a number, in units of `scale`; a deviation of the start shows in it as its square, and
/// `of_start` where nothing of it is forgotten.
Interval interval_of_mean(const Windowed& means, double predicted, double scale, double of_start, const Stationarity& s,
                          const Alphas& alphas);

}  // namespace kramers::analysis
