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

/// Visits points of the Boltzmann-Gibbs density with their masses; panels end at the edges along the axes.
void visit(const Landscape& landscape, double temperature, const std::array<std::vector<double>, 2>& edges,
           const std::function<void(const Point&, double)>& f) {
  Point theta(landscape.dim());
  if (landscape.dim() == 1) {
    const LineMasses masses = line_masses(*gibbs_line(landscape, 0, temperature), edges[0]);
    for (std::size_t k = 0; k < masses.x.size(); ++k) {
      theta[0] = masses.x[k];
      f(theta, masses.mass[k]);
    }
  } else {
    visit_plane(*gibbs_plane(landscape, {0, 1}, temperature), edges, [&](double x, double y, double mass) {
      theta << x, y;
      if (mass > 0) f(theta, mass);
    });
  }
}

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

/// Where basins end, by axis; cuts that are not along an axis end no panels.
std::array<std::vector<double>, 2> basin_edges(const Landscape& landscape) {
  std::array<std::vector<double>, 2> edges;
  if (!landscape.basins()) return edges;
  for (const auto& cut : landscape.basins()->cuts)
    for (int axis = 0; axis < landscape.dim(); ++axis)
      if (cut.direction.cwiseAbs().sum() == std::fabs(cut.direction[axis]))
        for (double position : cut.positions) edges[axis].push_back(position / cut.direction[axis]);
  return edges;
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
  double loss = 0;
  std::vector<double> mean(d), second(d), basins(landscape.minima().size());
  visit(landscape, temperature, basin_edges(landscape), [&](const Point& theta, double gibbs) {
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
    visit(landscape, temperature, edges, [&](const Point& theta, double gibbs) {
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
