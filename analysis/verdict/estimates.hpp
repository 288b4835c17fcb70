#pragma once

#include <vector>

#include "analysis/verdict/jackknife.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Probability of each cell, over ALL samples due, with jackknife errors over the replicates. Of a density, or of the
/// basins (minima..., no basin).
std::vector<Estimate> cell_probabilities(const sde::Counts& counts, const sde::Counts& expected);

/// By density: its largest_error.
std::vector<double> total_variation_errors(const sde::RunStatistics& statistics);

/// Moments over the samples of whole trajectories and of diverged ones up to their last good sample.
struct Moments {
  std::vector<Estimate> mean, variance;  // of theta_i
  std::vector<Estimate> covariance;      // [i * dim + j]; empty where only the variances were recorded
  Estimate loss_mean, loss_variance;
};

Moments moments(const sde::RunStatistics& statistics);

/// The correlation of two coordinates, where the full covariance was recorded.
Estimate correlation(const sde::RunStatistics& statistics, int i, int j);

}  // namespace kramers::analysis
