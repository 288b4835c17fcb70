#pragma once

#include <limits>

namespace kramers::analysis {

/// A run in units of its relaxation time, and how far its start is from stationary.
struct Window {
  double burn_in, sampled;    // t_b / tau, t_s / tau
  double start_distance = 1;  // A >= 1: from the mean to the start, in standard deviations

  /// A eps, eps = exp(-t_b / tau) (tau / t_s) (1 - exp(-t_s / tau)): what the samples still hold of the start.
  double from_start() const;
  /// By how much the noise of pi + kappa (pi_2 - pi_1), kappa = coth(t_s / 4 tau) / 2, with its margin for faster modes
  /// exceeds that of pi, the fractions of all samples; pi_1 and pi_2 are those of each half. Infinite where a verdict
  /// does not go that way, kappa > 2.
  double noise_of_extrapolation() const;
};

/// From which burn-in, in relaxation times, the start is forgotten to a tenth of the tolerance; from which sampled time
/// it is whatever the burn-in; and how long a relaxation time that theory does not know has to be sampled to be
/// measured.
double enough_burn_in(const Window& window, double tolerance);
inline constexpr double enough_sampled = 3, enough_to_measure = 20;

/// What decides how many trajectories a verdict needs. `deviation` and `noise` are as of one trajectory (or of the
/// sample at hand: then the answer is the factor by which it must grow); both fall as one over the root of the number.
struct Plan {
  double deviation;       // s, of the TV or of a basin's weight
  double noise = 0;       // what noise adds to the upper bound without averaging out (noise floor)
  double bias = 0;        // b, the distance that remains with any number of trajectories
  double from_start = 0;  // e, of Window: how far the start widens the interval
  double noise_of_extrapolation = std::numeric_limits<double>::infinity();  // F, of Window
  double tolerance = 0.01;                                                  // delta
  double alpha = 0.05;
  double power = 0.9;
};

/// s^2 = 2 P (1 - P) / (lambda_1 t_s): deviation of the weight of one of two basins, averaged over the sampled time t_s
/// of one trajectory, where lambda_1 is the relaxation rate; at most that of a single sample, P (1 - P).
double basin_weight_deviation(double weight, double relaxation_rate, double sampled_time);

/// Expected standard error of the weight, and of the TV that it dominates: s / sqrt(M).
double expected_error(double deviation, double trajectories);

/// The bounds of a verdict come within the tolerance on the shorter of two ways,
///
///     M = (((t_alpha + z_beta) s + noise) / (|delta - b| - e))^2   or   (F ((t_alpha + z_beta) s + noise) / |delta -
///     b|)^2
///
/// with Student's t for 64 replicates. With b near 0 the shift errs to both sides, and z_beta is taken for half of
/// beta. Infinite where neither leads there.
double trajectories_to_decide(const Plan& plan);

}  // namespace kramers::analysis
