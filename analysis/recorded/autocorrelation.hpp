#pragma once

#include "analysis/statistics/table.hpp"
#include "sde/observers/autocorrelation.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Of each quantity x, around its mean m over all trajectories (means of each alone would hide slow mixing), with
/// jackknife errors over the replicates:
///
///     rho(k) = C(k) / C(0),   C(k) = <(x_n - m) (x_{n+k} - m)>, along the trajectories that were followed
///     tau = s (1 + 2 sum_{k > 0} rho(k))   steps, s = steps from sample to sample
///     effective samples = all samples of the run * s / tau
///
/// tau comes from no sum of correlations, which would have to end somewhere and fails where they ring or alternate, but
/// from how far the means of whole trajectories scatter: with V_l the variance of a mean over l successive samples,
///
///     tau_l = s l V_l / C(0) = tau - c / l + what is exponentially small in l,
///     tau = tau_n (tau_n / tau_b)^(b / (n - b)) + O(1 / b^2),
///
/// from all n samples of a trajectory and from stretches of b of them (a quarter, where the longest lag is half):
/// positive whatever happens. tau and the effective samples are NaN where V_n is more than a fifth of C(0),
/// for then even whole trajectories are too short; where the quantity never changes; and for fewer than two whole
/// trajectories.
/// Fields: `correlation` (quantity, lag), `tau`, `effective_samples` (quantity), with their errors.
Table autocorrelation_table(const sde::RunStatistics& statistics, const sde::AutocorrelationRequest& request);

inline constexpr double largest_share_of_means = 0.2;

}  // namespace kramers::analysis
