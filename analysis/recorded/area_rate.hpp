#pragma once

#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// The rate at which trajectories sweep area in a plane,
///
///     <x_i(t) x_j(t + s) - x_j(t) x_i(t + s)> / (2 s),   s the time from sample to sample [theta^2 / time],
///
/// which for s -> 0 is the antisymmetric part Q_ij of the current -Q Sigma^-1 x of a linear drift, and zero for every s
/// under detailed balance. At finite s it is smaller by O(s); under Euler-Maruyama with a linear drift and every step
/// sampled it is the Q_ij of the scheme's own covariance. With jackknife errors over the replicates.
///
/// A current that is so sure costs entropy: with rate q, standard error e and t the time of all trajectories together,
/// the entropy production rate [1/time] of overdamped dynamics is at least
///
///     2 (q / e)^2 / t
///
/// (Barato & Seifert, Phys. Rev. Lett. 114 (2015) 158101; Gingrich et al., 116 (2016) 120601). Noise makes (q / e)^2
/// too large by 1, which is taken off; what is left of the bias is one part in the number of replicates. Below zero
/// where no current shows. Its error is that of (z + N(0, 1))^2, and of e. A bound of continuous time: at finite steps
/// it holds but for O(h). Fields: `area_rate`, `entropy_production` (pair) and their errors.
Table area_rate_table(const sde::Tally& tally, double time_between_samples);

}  // namespace kramers::analysis
