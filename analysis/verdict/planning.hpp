#pragma once

namespace kramers::analysis {

/// What decides how many trajectories a verdict needs. `deviation` and `noise` are as of one trajectory (or of the
/// sample at hand: then the answer is the factor by which it must grow); both fall as one over the root of the number.
struct Plan {
  double deviation;           // s, of the TV or of a basin's weight
  double noise = 0;           // what noise adds to the upper bound without averaging out (noise floor)
  double start_mismatch = 0;  // sum_j |w_j - P_j| / 2 of start shares and predicted weights
  double bias = 0;            // tau, the TV that remains with any number of trajectories
  double tolerance = 0.01;    // delta
  double alpha = 0.05;
  double power = 0.9;
};

/// s^2 = 2 P (1 - P) / (lambda_1 t_s): deviation of the weight of one of two basins, averaged over the sampled time t_s
/// of one trajectory, where lambda_1 is the relaxation rate; at most that of a single sample, P (1 - P).
double basin_weight_deviation(double weight, double relaxation_rate, double sampled_time);

/// Expected standard error of the weight, and of the TV that it dominates: s / sqrt(M).
double expected_error(double deviation, double trajectories);

/// M = (((t_alpha + z_beta) s + noise + R) / |delta - tau|)^2 with Student's t for 64 replicates. R is what the
/// residual of stationarity will take: the weights of two start groups differ by an error of 2 s, so R = start_mismatch
/// (2 (t_alpha + sqrt(2 / pi)) s + 2 noise). With tau near 0 the shift errs to both sides, and z_beta is taken for half
/// of beta. Infinite where tau = delta.
double trajectories_to_decide(const Plan& plan);

}  // namespace kramers::analysis
