#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

#include "analysis/statistics/estimate.hpp"

namespace kramers::analysis {

/// Fewer tell no error that a verdict could rest on.
inline constexpr int fewest_replicates = 8;

/// f(means) with its error, leaving out one replicate at a time:
///
///     error^2 = (G - 1) / G sum_g (f_g - mean f_g)^2,   f_g = f(means without replicate g)
///
/// `sums` is replicates x quantities, `weights` how many samples each replicate's sums are of; the means are over all
/// samples. A replicate without samples is left aside; below two of the others the error is not known.
/// For f a mean and equal weights the error is s / sqrt(G). Efron & Stein, Ann. Statist. 9 (1981) 586.
Estimate jackknife(const Eigen::MatrixXd& sums, const Eigen::VectorXd& weights,
                   const std::function<double(const Eigen::VectorXd& means)>& f);

/// The same of many functions of the same means, worked out together: f returns a value of each.
std::vector<Estimate> jackknife_all(const Eigen::MatrixXd& sums, const Eigen::VectorXd& weights,
                                    const std::function<std::vector<double>(const Eigen::VectorXd& means)>& f);

/// The mean of one quantity.
Estimate jackknife_mean(const Eigen::VectorXd& sums, const Eigen::VectorXd& weights);

}  // namespace kramers::analysis
