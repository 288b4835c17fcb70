#pragma once

#include <Eigen/Core>

namespace kramers::analysis {

/// What is known of the total variation TV = sum_k |pi_k - p_k| / 2 between a sampled law and a prediction, or between
/// two sampled laws, from independent replicates. With t Student's quantile at 1 - alpha, `upper` and `lower(t)` each
/// hold the true value on their side with probability 1 - alpha. X has a row (f_g - mean) / sqrt(G (G - 1)) a
/// replicate:
///
///     upper      max_s [s'd + t |X s|] / 2 over all sign vectors s; d the difference of the mean fractions
///     estimate   sum_k se_k h(z_k) / 2,  z_k = |d_k| / se_k,  h(z) = z (2 Phi(z) - 1) - 2 phi(z): what the two halves
///                of the replicates say of each other's signs, on average over all ways to halve them
///     error      |X (w_k sign d_k)| / 2,  w(z) = min((2 Phi(z) - 1) + 4 z phi(z), 1.2)
///
/// Cells that fewer than 8 replicates have seen are one cell to the estimate. Where it is below 0, 0 is as likely.
struct Variation {
  double estimate = 0, error = 0, upper = 1;
  int degrees_of_freedom = 0;

  double lower(double t) const { return estimate - t * error; }
};

/// Fractions are replicates x cells, at least two replicates (the caller asks for eight); `seen` those that say how
/// many replicates have seen a cell, where the differences do not. `upper` at 1 - alpha.
Variation variation_from(const Eigen::MatrixXd& fractions, const Eigen::VectorXd& prediction, double alpha);
Variation variation_from(const Eigen::MatrixXd& differences, const Eigen::VectorXd& prediction, double alpha,
                         const Eigen::MatrixXd& seen);

/// Two independent samples: covariances add.
Variation variation_between(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, double alpha,
                            const Eigen::MatrixXd& seen_a, const Eigen::MatrixXd& seen_b);

/// What noise alone would show as plain total variation if the laws were equal: sum_k se_k / sqrt(2 pi).
double noise_floor(const Eigen::MatrixXd& fractions);

/// The largest standard error that the share of any set of cells has, max_s sqrt(s' C s) / 2 over all sign vectors s.
/// TV being the largest difference of the share of a set from its prediction, this is its standard error in the worst
/// case, whatever the prediction.
double largest_error(const Eigen::MatrixXd& fractions);

/// Student quantile at 1 - alpha.
double student_quantile(double alpha, int degrees_of_freedom);

}  // namespace kramers::analysis
