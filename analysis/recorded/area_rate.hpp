#pragma once

#include "analysis/results/table.hpp"

namespace kramers::analysis {

/// The rate at which trajectories sweep area in a plane,
///
///     <x_i(t) x_j(t + s) - x_j(t) x_i(t + s)> / (2 s),   s the time from sample to sample [theta^2 / time],
///
/// which for s -> 0 is the antisymmetric part Q_ij of the current -Q Sigma^-1 x of a linear drift, and zero for every s
/// under detailed balance. At finite s it is smaller by O(s); under Euler-Maruyama with a linear drift and every step
/// sampled it is the Q_ij of the scheme's own covariance. With jackknife errors over the replicates.
/// Fields: `area_rate` (pair) and its error.
Table area_rate_table(const sde::Tally& tally, double time_between_samples);

}  // namespace kramers::analysis
