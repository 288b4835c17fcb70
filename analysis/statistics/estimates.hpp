#pragma once

#include <cmath>
#include <vector>

#include "analysis/experiment/existing_moments.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// A share of all samples, `counted` of those in `due` by replicate, with its jackknife error. Where none or all were
/// counted nothing tells an error: NaN.
Estimate share(const Eigen::VectorXd& counted, const Eigen::VectorXd& due);

/// Probability of each cell, over ALL samples due. Of a density, or of the basins (minima..., no basin).
std::vector<Estimate> cell_probabilities(const sde::Counts& counts, const sde::Counts& expected);

/// The weight of a basin where trajectories crossed from basin to basin between samples so many times in all. Few
/// crossings tell less than replicates that are much alike pretend: the error is
///
///     error^2 = jackknife^2 + 1 / M^2,   M trajectories
///
/// (within two errors in 95 % from 8 crossings on, in more below that; without the second term in 57 % at one crossing,
/// 91 % at 8). Without any crossing the share is that of the starts, and the weight is not known: NaN.
Estimate basin_weight(const Estimate& share, std::uint64_t crossings, std::uint64_t trajectories);

/// By density: its largest_error.
std::vector<double> total_variation_errors(const sde::RunStatistics& statistics);

/// Moments over the samples of whole trajectories and of diverged ones up to their last good sample.
struct Moments {
  std::vector<Estimate> mean, variance;  // of theta_i
  std::vector<Estimate> covariance;      // [i * dim + j]; empty where only the variances were recorded
  Estimate loss_mean, loss_variance;
};

/// Makes NaN what does not exist, of Moments or of what has members of the same names.
template <class M>
void forget_missing(M& moments, const ExistingMoments& existing) {
  if (existing.variance) return;
  for (Estimate& mean : moments.mean) mean = {existing.mean ? mean.value : std::nan(""), std::nan("")};
  moments.variance.assign(moments.variance.size(), unknown_estimate);
  moments.loss_mean = moments.loss_variance = unknown_estimate;
}

/// NaN where they do not exist; a mean without a variance has no error.
Moments moments(const sde::RunStatistics& statistics, const ExistingMoments& existing = {});

/// The correlation of two coordinates, where the full covariance was recorded.
Estimate correlation(const sde::RunStatistics& statistics, int i, int j);

}  // namespace kramers::analysis
