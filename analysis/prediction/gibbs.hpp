#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/prediction/prediction.hpp"
#include "analysis/prediction/quadrature.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Everything that the Boltzmann-Gibbs law p = exp(-L/T) / Z says of one run, by quadrature: relative error below 1e-9
/// over one coordinate, 1e-8 over two. Known are: all of it for d <= 2 and for landscapes that are sums over
/// coordinates; else what exact marginals give. Grids of one or two axes. Throws std::invalid_argument where Z is
/// infinite or the temperature (units of loss) is not positive.
Prediction boltzmann_gibbs(const landscapes::Landscape& landscape, double temperature,
                           const std::vector<sde::DensityGrid>& grids);

/// Gibbs probability of each minimum's basin, in the order of Landscape::minima(); absent where unknown.
std::optional<std::vector<double>> gibbs_basin_weights(const landscapes::Landscape& landscape, double temperature);

/// The exact density over one axis, where known.
std::optional<LineDensity> gibbs_line(const landscapes::Landscape& landscape, int axis, double temperature);

/// The exact density over two axes, where known.
std::optional<PlaneDensity> gibbs_plane(const landscapes::Landscape& landscape, const std::vector<int>& axes,
                                        double temperature);

/// Visits points of the density over one or two dimensions with their masses, not normalised in two; panels end at the
/// edges along the axes.
void visit_gibbs(const landscapes::Landscape& landscape, double temperature,
                 const std::array<std::vector<double>, 2>& edges,
                 const std::function<void(const landscapes::Point&, double)>& f);

/// Where basins end along the first two axes; oblique cuts end nowhere along an axis.
std::array<std::vector<double>, 2> basin_edges(const landscapes::Landscape& landscape);

/// All edges of one axis of a grid, ascending.
std::vector<double> grid_edges(const sde::DensityGrid& grid, int axis);

/// Masses collected into the cells of a grid over one axis.
std::vector<double> collect(const LineMasses& masses, const sde::DensityGrid& grid);

/// Index of the minimum whose basin theta is in.
int basin_of(const landscapes::Basins& basins, const landscapes::Point& theta);

/// "", or why exp(-L/T) has no finite integral.
std::string normalising_obstacle(const landscapes::Landscape& landscape, double temperature);

/// Throws std::invalid_argument that says it.
void require_normalisable(const landscapes::Landscape& landscape, double temperature);

}  // namespace kramers::analysis
