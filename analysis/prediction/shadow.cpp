#include "analysis/prediction/shadow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/quadrature.hpp"

namespace kramers::analysis {

using landscapes::Landscape;
using landscapes::Point;
using sde::DensityGrid;

namespace {

/// Edges of a grid by axis of the landscape.
std::array<std::vector<double>, 2> edges_by_axis(const DensityGrid& grid) {
  std::array<std::vector<double>, 2> edges;
  for (std::size_t i = 0; i < grid.axes.size(); ++i) edges[grid.axes[i]] = grid_edges(grid, int(i));
  return edges;
}

int cell_of(const DensityGrid& grid, const std::array<std::vector<double>, 2>& edges, const Point& theta) {
  int cell = 0;
  for (std::size_t i = 0; i < grid.axes.size(); ++i) {
    const std::vector<double>& along = edges[grid.axes[i]];
    const double x = theta[grid.axes[i]];
    if (x < along.front()) return grid.bin_count();
    if (x >= along.back()) return grid.cell_count() - 1;
    cell = cell * grid.bins[i] + int(std::upper_bound(along.begin(), along.end(), x) - along.begin()) - 1;
  }
  return cell;
}

}  // namespace

Answer<Prediction> shadow_density(const Landscape& landscape, double temperature, double time_step,
                                  const std::vector<DensityGrid>& grids) {
  using None = Answer<Prediction>;
  require_normalisable(landscape, temperature);
  const int d = landscape.dim();
  if (d > 2) return None::none("the shadow density is integrated in one and two dimensions only");

  double total = 0, negative = 0;
  const auto tilted = [&](const Point& theta, double mass) {
    const double slope = landscape.gradient(theta).squaredNorm(), laplacian = landscape.hessian(theta).trace();
    return mass * (1 + time_step * (slope / (4 * temperature) - laplacian / 2));
  };

  Prediction prediction;
  prediction.name = "shadow";
  prediction.first_order = true;
  double loss = 0;
  std::vector<double> mean(d), second(d), basins(landscape.minima().size());
  visit_gibbs(landscape, temperature, basin_edges(landscape), [&](const Point& theta, double gibbs) {
    const double mass = tilted(theta, gibbs);
    total += mass;
    negative += std::max(0.0, -mass);
    loss += mass * landscape.value(theta);
    for (int i = 0; i < d; ++i) {
      mean[i] += mass * theta[i];
      second[i] += mass * theta[i] * theta[i];
    }
    if (landscape.basins())
      if (const int minimum = basin_of(*landscape.basins(), theta); minimum >= 0) basins[minimum] += mass;
  });
  if (!(negative < 1e-9 * total))
    return None::none("the time step is too large for the first-order shadow density: it is negative in places");

  prediction.loss = loss / total;
  for (int i = 0; i < d; ++i) {
    prediction.mean.push_back(mean[i] / total);
    prediction.second_moment.push_back(second[i] / total);
  }
  if (landscape.basins()) {
    for (double& p : basins) p /= total;
    prediction.basins = basins;
  }
  for (const DensityGrid& grid : grids) {
    const auto edges = edges_by_axis(grid);
    std::vector<double> cells(grid.cell_count());
    double sum = 0;
    visit_gibbs(landscape, temperature, edges, [&](const Point& theta, double gibbs) {
      const double mass = tilted(theta, gibbs);
      cells[cell_of(grid, edges, theta)] += mass;
      sum += mass;
    });
    for (double& cell : cells) cell /= sum;
    prediction.densities.push_back(std::move(cells));
  }
  return prediction;
}

}  // namespace kramers::analysis
