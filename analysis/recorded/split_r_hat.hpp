#pragma once

#include <cstdint>

#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// Split R-hat of each quantity over the m halves, of n samples each, of all whole trajectories:
///
///     R^2 = ((n - 1) / n W + V) / W,   W the mean of the halves' variances, V the variance of their means
///
/// near 1 where every half has seen the same law; it asks more than stationarity does, for it is above 1 as long as one
/// half alone would not do. With jackknife errors over the replicates. NaN for a quantity that never changes. Gelman et
/// al., Bayesian Data Analysis (3rd ed.), section 11.4.
/// Fields: `r_hat` (quantity) and its error.
Table split_r_hat_table(const sde::Tally& tally, std::uint64_t samples);

}  // namespace kramers::analysis
