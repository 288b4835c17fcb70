#pragma once

namespace kramers::analysis {

/// What decides how many trajectories a verdict needs. `deviation` and `noise` are as of one trajectory (or of the
/// sample at hand: then the answer is the factor by which it must grow); both fall as one over the root of the number.
struct Plan {
  double deviation;         // s, of the TV or of a basin's weight
  double noise = 0;         // what noise adds to the upper bound without averaging out (noise floor)
  double bias = 0;          // tau, the TV that remains with any number of trajectories
  double tolerance = 0.01;  // delta
  double alpha = 0.05;
  double power = 0.9;
};

/// s^2 = 2 P (1 - P) / (lambda_1 t_s): deviation of the weight of one of two basins, averaged over the sampled time t_s
/// of one trajectory, where lambda_1 is the relaxation rate; at most that of a single sample, P (1 - P).
double basin_weight_deviation(double weight, double relaxation_rate, double sampled_time);

/// Expected standard error of the weight, and of the TV that it dominates: s / sqrt(M).
double expected_error(double deviation, double trajectories);

/// M = (((t_alpha + z_beta) s + noise) / |delta - tau|)^2, with normal quantiles (Student's with 63 degrees of freedom
/// differs by 1.5 %). With tau near 0 the shift errs to both sides, and z_beta is taken for the half of beta.
/// Infinite where tau = delta.
double trajectories_to_decide(const Plan& plan);

}  // namespace kramers::analysis
