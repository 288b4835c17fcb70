#pragma once

#include <vector>

#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// The temperature T_i of each coordinate by the scheme's own estimator, and how far it is from T A_ii, where
/// A = C / sigma^2 is the constant covariance of the noise in units of its reference (1 for isotropic noise): at
/// stationarity, since <theta_i^2> does not change over a step,
///
///     T_i = <theta_i g_i> - (h / 2) <g_i^2> = T A_ii
///
/// for Euler-Maruyama at any step h, loss and constant C, and likewise for the other schemes
/// (BlockScheme::temperatures; for those without SchemeFacts::exact_temperature up to their O(h^2)). Their mean is the
/// measured temperature, in which coordinates can make up for each other. With jackknife errors e_i over the
/// replicates, z_i = (T_i - T A_ii) / e_i; a coordinate is flagged where |z_i| is beyond `limit`, Student's quantile at
/// 1 - alpha / (2 d): the probability that any of the d coordinates of a run is flagged by chance is at most alpha
/// (Bonferroni); none is where the expected one is NaN. Yaida, ICLR 2019
/// (arXiv:1810.00004). Fields: `coordinate_temperature` and its error, `expected`, `residual`, `z`, `flagged`
/// (coordinate), `limit`.
Table fluctuation_dissipation_table(const sde::Tally& tally, const std::vector<double>& expected, double alpha);

}  // namespace kramers::analysis
