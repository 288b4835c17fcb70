#pragma once

#include "analysis/results/table.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Of each quantity x, around its mean m over all trajectories that were followed (means of each alone would hide slow
/// mixing), with jackknife errors over the replicates:
///
///     rho(k) = C(k) / C(0),   C(k) = <(x_n - m) (x_{n+k} - m)>
///     tau = s (1 + 2 sum_{0 < k <= W} rho(k))   steps, s = steps from sample to sample
///     effective samples = all samples of the run * s / tau
///
/// The window W is the shortest lag of at least `window_factor` tau(W) (Sokal, "Monte Carlo methods in statistical
/// mechanics", 1996, section 3) at which, besides, rho is within two standard errors of 0: a slow mode of small weight
/// outlives five tau. What lies beyond the window is left out. tau and the effective samples are NaN where the longest
/// lag is too short for that, or the quantity never changes. Between the recorded lags rho is taken to be linear.
/// Fields: `correlation` (quantity, lag), `tau`, `window`, `effective_samples` (quantity).
Table autocorrelation_table(const sde::Tally& tally, double samples);

inline constexpr double window_factor = 5;

/// 1 + 2 sum_{0 < k <= lags[last]} rho(k), rho linear between the lags, which count samples and begin with 0.
double integrated(const std::vector<double>& lags, const std::vector<double>& rho, std::size_t last);

}  // namespace kramers::analysis
