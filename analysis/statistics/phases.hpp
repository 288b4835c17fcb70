#pragma once

#include <vector>

#include "analysis/statistics/estimates.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Moments and basin occupancy over the samples of one phase, with jackknife errors over the replicates. A diverged
/// trajectory counts up to its last good sample. Without samples, and where a moment does not exist: NaN.
struct PhaseEstimates {
  std::uint64_t samples = 0;
  std::vector<Estimate> mean, variance;  // of theta_i
  Estimate loss_mean, loss_variance;
  std::vector<Estimate> basins;  // per minimum; empty where basins are unknown
};

/// Of each phase.
std::vector<PhaseEstimates> phase_estimates(const sde::RunStatistics& statistics, const ExistingMoments& existing = {});

}  // namespace kramers::analysis
