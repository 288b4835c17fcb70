#pragma once

#include <vector>

#include "analysis/results/table.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The point below which the share `level` of a histogram lies: samples are spread evenly over their bin. NaN where it
/// lies beyond the range. `cells`: bins, below, above.
double quantile(const sde::DensityGrid& grid, const std::vector<double>& cells, double level);

/// Quantiles of every one-dimensional density over the samples of whole and of diverged trajectories, with jackknife
/// errors over the replicates: fields over (density, level). They err by no more than a bin, and, where the density is
/// smooth, by about w^2 |p'| / (8 p), w the width of a bin.
Table quantile_table(const std::vector<sde::DensityGrid>& grids, const std::vector<sde::Counts>& densities,
                     const std::vector<double>& levels);

}  // namespace kramers::analysis
