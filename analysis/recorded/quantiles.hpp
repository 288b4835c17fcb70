#pragma once

#include <vector>

#include "analysis/statistics/table.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The point below which the share `level` of a histogram lies; NaN where it lies beyond the range.
struct Quantile {
  double cubic;   // by the inverse of the cdf, a monotone cubic through its values at the edges of bins
  double linear;  // by lines instead: samples are spread evenly over their bin
};

/// `cells`: bins, below, above.
Quantile quantile(const sde::DensityGrid& grid, const std::vector<double>& cells, double level);

/// Quantiles of every one-dimensional density, by the cubic, over the samples of whole and of diverged trajectories:
/// fields over (density, level). The error is that of the jackknife over the replicates and, in quadrature, a quarter
/// of cubic - linear, for what the bins hide: of N(0, 1) and bins of 0.3 the quantile of 5 % by the line is off by
/// 0.018, by the cubic by 0.0004.
Table quantile_table(const std::vector<sde::DensityGrid>& grids, const std::vector<sde::Counts>& densities,
                     const std::vector<double>& levels);

}  // namespace kramers::analysis
