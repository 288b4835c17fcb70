#pragma once

#include <Eigen/Core>

namespace kramers::analysis {

/// The total variation TV = sum_k |pi_k - p_k| / 2 between a sampled law and a prediction, or between two sampled laws,
/// with what its bounds need. With t the Student quantile at 1 - alpha, `upper(t)` and `lower(t)` each hold the true
/// value on their side with probability 1 - alpha.
///
///     plug_in        sum |d_k| / 2, d the difference of the mean fractions: biased upward by noise
///     cross_fitted   mean of y_g = s (f_g - p) / 2, signs s from the other nine tenths of the replicates
///     upper_error    max sqrt(s' C s) / 2 over sign vectors s equal to sign(d_k) where |d_k| > 3 se_k, else free
///     noise_floor    expected plug-in value if the laws were equal: sum_k se_k / sqrt(2 pi)
///
/// C is the covariance of the mean fractions. It is never formed: its rank is below the number of replicates.
struct Variation {
  double plug_in, cross_fitted, cross_fitted_error, upper_error, noise_floor;
  int degrees_of_freedom;

  double upper(double t) const { return plug_in + t * upper_error; }
  double lower(double t) const { return cross_fitted - t * cross_fitted_error; }
};

/// Fractions are replicates x cells; at least two replicates (the caller asks for eight).
Variation variation_from(const Eigen::MatrixXd& fractions, const Eigen::VectorXd& prediction);

/// Two independent samples: covariances add.
Variation variation_between(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

/// The largest standard error that the share of any set of cells has, max_s sqrt(s' C s) / 2 over all sign vectors s.
/// TV being the largest difference of the share of a set from its prediction, this is its standard error in the worst
/// case, whatever the prediction.
double largest_error(const Eigen::MatrixXd& fractions);

/// Student quantile at 1 - alpha.
double student_quantile(double alpha, int degrees_of_freedom);

}  // namespace kramers::analysis
