#include "analysis/prediction/gibbs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <stdexcept>
#include <string>

#include "analysis/prediction/law.hpp"
#include "landscapes/basins/basin_raster.hpp"

namespace kramers::analysis {

using landscapes::Basins;
using landscapes::Cut;
using landscapes::Landscape;
using landscapes::Marginal;
using landscapes::Point;
using sde::DensityGrid;

namespace {

/// What the parts of a sum over coordinates are counted from.
double base_of_part(const Landscape& landscape, int axis) {
  return landscape.part(axis, landscape.minima().empty() ? 0 : landscape.minima().front().at[axis]);
}

/// (L - base) / T along one axis of a sum over coordinates.
LineDensity slice(const Landscape& landscape, int axis, double temperature) {
  LineDensity line;
  if (const auto marginal = landscape.marginal({axis}, temperature)) {
    line.kinks = marginal->kinks[0];
    line.landmarks = marginal->landmarks[0];
    line.variance = marginal->variance;
  }
  const double base = base_of_part(landscape, axis);
  line.rounding = std::numeric_limits<double>::epsilon() * std::abs(base) / temperature;
  line.minus_log = [&landscape, axis, temperature, base](double x) {
    return (landscape.part(axis, x) - base) / temperature;
  };
  return line;
}

/// Of the density along one axis: <x>, <x^2>, <F> and ln of the integral of exp(-F).
struct AxisMoments {
  double mean, second, minus_log, log_norm;
};
AxisMoments axis_moments(const LineDensity& line) {
  if (line.variance) {
    const double at = line.landmarks[0];
    return {at, at * at + *line.variance, 0.5 + line.minus_log(at),
            0.5 * std::log(2 * std::numbers::pi * *line.variance) - line.minus_log(at)};
  }
  const LineMasses masses = line_masses(line, {});
  AxisMoments moments{0, 0, 0, masses.log_norm};
  for (std::size_t k = 0; k < masses.x.size(); ++k) {
    const double x = masses.x[k], m = masses.mass[k];
    moments.mean += m * x;
    moments.second += m * x * x;
    moments.minus_log += m * line.minus_log(x);
  }
  return moments;
}

/// The one axis that a cut is along, or -1.
int axis_of(const Cut& cut) {
  int axis = -1;
  for (int i = 0; i < cut.direction.size(); ++i) {
    if (cut.direction[i] == 0) continue;
    if (axis >= 0) return -1;
    axis = i;
  }
  return axis;
}

std::vector<double> edges_of(const Cut& cut, int axis) {
  std::vector<double> edges;
  for (double position : cut.positions) edges.push_back(position / cut.direction[axis]);
  return edges;
}

/// Slab probabilities along one cut that is along an axis.
std::vector<double> slab_weights(const LineDensity& line, const Cut& cut, int axis) {
  const LineMasses masses = line_masses(line, edges_of(cut, axis));
  std::vector<double> weights(cut.positions.size() + 1);
  for (std::size_t k = 0; k < masses.x.size(); ++k) {
    const double along = cut.direction[axis] * masses.x[k];
    weights[std::upper_bound(cut.positions.begin(), cut.positions.end(), along) - cut.positions.begin()] +=
        masses.mass[k];
  }
  return weights;
}

/// The bin that x is in, -1 below and bins above.
int bin_of(const std::vector<double>& edges, double x) {
  return int(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin()) - 1;
}

void normalise(std::vector<double>& masses) {
  double total = 0;
  for (double m : masses) total += m;
  for (double& m : masses) m /= total;
}

/// Cells of a two-axis grid from its plane density.
std::vector<double> plane_cells(const PlaneDensity& plane, const DensityGrid& grid) {
  const std::array<std::vector<double>, 2> edges = {grid_edges(grid, 0), grid_edges(grid, 1)};
  std::vector<double> cells(grid.cell_count());
  visit_plane(plane, edges, [&](double x, double y, double mass) {
    const int i = bin_of(edges[0], x), j = bin_of(edges[1], y);
    const bool inside = i >= 0 && i < grid.bins[0] && j >= 0 && j < grid.bins[1];
    cells[inside ? i * grid.bins[1] + j : grid.bin_count()] += mass;
  });
  normalise(cells);
  return cells;
}

/// Cells of a one-axis grid from the density over that axis and another.
std::vector<double> projected_cells(const PlaneDensity& plane, const DensityGrid& grid) {
  const std::vector<double> edges = grid_edges(grid, 0);
  std::vector<double> cells(grid.cell_count());
  visit_plane(plane, {edges, {}}, [&](double x, double, double mass) {
    const int i = bin_of(edges, x);
    cells[i < 0 ? grid.bins[0] : i == grid.bins[0] ? grid.bins[0] + 1 : i] += mass;
  });
  normalise(cells);
  return cells;
}

/// Cells of a two-axis grid over independent coordinates.
std::vector<double> product_cells(const std::vector<double>& x, const std::vector<double>& y, const DensityGrid& grid) {
  std::vector<double> cells(grid.cell_count());
  double inside_x = 0;
  for (int i = 0; i < grid.bins[0]; ++i) {
    inside_x += x[i];
    for (int j = 0; j < grid.bins[1]; ++j) cells[i * grid.bins[1] + j] = x[i] * y[j];
  }
  const int below = grid.bins[1], above = below + 1;
  cells.back() = x[grid.bins[0]] + x[grid.bins[0] + 1] + inside_x * (y[below] + y[above]);
  return cells;
}

/// The density in coordinates u = c x + s y, v = c y - s x.
PlaneDensity turned(const PlaneDensity& plane, const Landscape& landscape, double c, double s) {
  PlaneDensity result;
  result.minus_log = [f = plane.minus_log, c, s](int points, const double* u, const double* v, double* out) {
    double x[PlaneDensity::most_points], y[PlaneDensity::most_points];
    for (int k = 0; k < points; ++k) {
      x[k] = c * u[k] - s * v[k];
      y[k] = s * u[k] + c * v[k];
    }
    f(points, x, y, out);
  };
  for (const auto& minimum : landscape.minima()) {
    result.landmarks[0].push_back(c * minimum.at[0] + s * minimum.at[1]);
    result.landmarks[1].push_back(c * minimum.at[1] - s * minimum.at[0]);
  }
  for (auto& landmarks : result.landmarks) std::sort(landmarks.begin(), landmarks.end());
  return result;
}

DensityGrid one_axis(const DensityGrid& grid, int i) { return {{grid.axes[i]}, {grid.bins[i]}, {grid.range[i]}}; }

/// Loss, Z and what no line gave, from the density in the plane.
void add_plane_moments(const Landscape& landscape, double temperature, Prediction& prediction) {
  const PlaneDensity plane = *gibbs_plane(landscape, {0, 1}, temperature);
  double total = 0, rise = 0;
  std::array<double, 2> mean{}, second{};
  Point theta(2);
  const double log_scale = visit_plane(plane, {}, [&](double x, double y, double mass) {
    if (mass == 0) return;
    total += mass;
    theta << x, y;
    rise += mass * landscape.value(theta);
    mean[0] += mass * x;
    mean[1] += mass * y;
    second[0] += mass * x * x;
    second[1] += mass * y * y;
  });
  prediction.loss = rise / total;
  prediction.log_norm = log_scale + std::log(total);
  for (int i : {0, 1}) {
    if (prediction.mean[i]) continue;
    prediction.mean[i] = mean[i] / total;
    prediction.second_moment[i] = second[i] / total;
  }
}

std::optional<std::vector<double>> grid_cells(const Landscape& landscape, double temperature, const DensityGrid& grid,
                                              bool is_separable) {
  if (grid.axes.size() == 1) {
    if (const auto line = gibbs_line(landscape, grid.axes[0], temperature))
      return collect(line_masses(*line, grid_edges(grid, 0)), grid);
    if (landscape.dim() == 2)
      return projected_cells(*gibbs_plane(landscape, {grid.axes[0], 1 - grid.axes[0]}, temperature), grid);
    return std::nullopt;
  }
  if (is_separable) {
    const auto along = [&](int i) {
      const DensityGrid axis = one_axis(grid, i);
      return collect(line_masses(*gibbs_line(landscape, grid.axes[i], temperature), grid_edges(axis, 0)), axis);
    };
    return product_cells(along(0), along(1), grid);
  }
  if (const auto plane = gibbs_plane(landscape, grid.axes, temperature)) return plane_cells(*plane, grid);
  return std::nullopt;
}

}  // namespace

std::string normalising_obstacle(const Landscape& landscape, double temperature) {
  if (!(temperature > 0) || !std::isfinite(temperature))
    return "temperature = " + std::to_string(temperature) + " must be positive and finite";
  if (!landscape.confining())
    return "the landscape does not confine: exp(-L/T) has no finite integral, so there is no Boltzmann-Gibbs density";
  return "";
}

void require_normalisable(const Landscape& landscape, double temperature) {
  const std::string obstacle = normalising_obstacle(landscape, temperature);
  if (!obstacle.empty()) throw std::invalid_argument(obstacle);
}

std::vector<double> grid_edges(const DensityGrid& grid, int axis) {
  std::vector<double> edges;
  for (int i = 0; i <= grid.bins[axis]; ++i) edges.push_back(grid.edge(axis, i));
  return edges;
}

std::vector<double> collect(const LineMasses& masses, const DensityGrid& grid) {
  const std::vector<double> edges = grid_edges(grid, 0);
  std::vector<double> cells(grid.cell_count());
  for (std::size_t k = 0; k < masses.x.size(); ++k) {
    const int i = bin_of(edges, masses.x[k]);
    cells[i < 0 ? grid.bins[0] : i == grid.bins[0] ? grid.bins[0] + 1 : i] += masses.mass[k];
  }
  return cells;
}

int basin_of(const Basins& basins, const Point& theta) {
  if (basins.raster) return basins.raster->label(theta);
  std::size_t index = 0;
  for (const Cut& cut : basins.cuts) {
    const double along = cut.direction.dot(theta);
    const auto slab = std::upper_bound(cut.positions.begin(), cut.positions.end(), along) - cut.positions.begin();
    index = index * (cut.positions.size() + 1) + slab;
  }
  return basins.minimum[index];
}

std::array<std::vector<double>, 2> basin_edges(const Landscape& landscape) {
  std::array<std::vector<double>, 2> edges;
  if (!landscape.basins()) return edges;
  if (const auto& raster = landscape.basins()->raster)
    for (int axis = 0; axis < std::min(landscape.dim(), 2); ++axis) edges[axis] = raster->edges(axis);
  for (const auto& cut : landscape.basins()->cuts)
    for (int axis = 0; axis < std::min(landscape.dim(), 2); ++axis)
      if (cut.direction.cwiseAbs().sum() == std::fabs(cut.direction[axis]))
        for (double position : cut.positions) edges[axis].push_back(position / cut.direction[axis]);
  return edges;
}

void visit_gibbs(const Landscape& landscape, double temperature, const std::array<std::vector<double>, 2>& edges,
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

std::optional<LineDensity> gibbs_line(const Landscape& landscape, int axis, double temperature) {
  if (landscape.separable()) return slice(landscape, axis, temperature);
  const auto marginal = landscape.marginal({axis}, temperature);
  if (!marginal) return std::nullopt;
  return LineDensity{.minus_log = [f = marginal->minus_log_density](double x) { return f(&x); },
                     .kinks = marginal->kinks[0],
                     .landmarks = marginal->landmarks[0],
                     .variance = marginal->variance};
}

std::optional<PlaneDensity> gibbs_plane(const Landscape& landscape, const std::vector<int>& axes, double temperature) {
  const auto marginal = landscape.marginal(axes, temperature);
  PlaneDensity plane;
  if (marginal) {
    plane.kinks = {marginal->kinks[0], marginal->kinks[1]};
    plane.landmarks = {marginal->landmarks[0], marginal->landmarks[1]};
  }
  if (landscape.dim() == 2)
    plane.minus_log = [&loss = landscape.block_double(), temperature, i = axes[0], j = axes[1]](
                          int points, const double* x, const double* y, double* f) {
      // Lanes that are not asked for repeat the first.
      alignas(64) double theta[2 * sde::block_lanes], value[sde::block_lanes];
      for (int k = 0; k < sde::block_lanes; ++k) {
        theta[i * sde::block_lanes + k] = x[k < points ? k : 0];
        theta[j * sde::block_lanes + k] = y[k < points ? k : 0];
      }
      loss.value(theta, value);
      for (int k = 0; k < points; ++k) f[k] = value[k] / temperature;
    };
  else if (marginal)
    plane.minus_log = [f = marginal->minus_log_density](int points, const double* x, const double* y, double* out) {
      for (int k = 0; k < points; ++k) {
        const double at[2] = {x[k], y[k]};
        out[k] = f(at);
      }
    };
  else
    return std::nullopt;
  return plane;
}

std::optional<std::vector<double>> gibbs_basin_weights(const Landscape& landscape, double temperature) {
  require_normalisable(landscape, temperature);
  if (!landscape.basins()) return std::nullopt;
  const Basins& basins = *landscape.basins();
  std::vector<double> weights(landscape.minima().size());
  const auto add = [&](int minimum, double mass) {
    if (minimum >= 0) weights[minimum] += mass;
  };

  if (basins.raster) {
    if (landscape.dim() > 2) return std::nullopt;
    double total = 0;
    visit_gibbs(landscape, temperature, basin_edges(landscape), [&](const Point& theta, double mass) {
      total += mass;
      add(basins.raster->label(theta), mass);
    });
    for (double& weight : weights) weight /= total;
    return weights;
  }
  if (basins.cuts.empty()) {
    add(basins.minimum[0], 1);
    return weights;
  }
  std::set<int> axes;
  for (const Cut& cut : basins.cuts) axes.insert(axis_of(cut));
  const bool along_axes = !axes.contains(-1), distinct = axes.size() == basins.cuts.size();

  // Slabs along axes that are independent, or along one axis whose marginal is known: a product of line integrals.
  if (along_axes && distinct && (basins.cuts.size() == 1 || landscape.separable())) {
    std::vector<double> product = {1};
    for (const Cut& cut : basins.cuts) {
      const auto line = gibbs_line(landscape, axis_of(cut), temperature);
      if (!line) {
        product.clear();
        break;
      }
      std::vector<double> finer;
      const std::vector<double> slabs = slab_weights(*line, cut, axis_of(cut));
      for (double p : product)
        for (double q : slabs) finer.push_back(p * q);
      product = std::move(finer);
    }
    if (!product.empty()) {
      for (std::size_t k = 0; k < product.size(); ++k) add(basins.minimum[k], product[k]);
      return weights;
    }
  }

  // In the plane: panels end at the cuts, in coordinates turned along a single oblique one.
  if (landscape.dim() != 2 || !(along_axes || basins.cuts.size() == 1)) return std::nullopt;
  const PlaneDensity plane = *gibbs_plane(landscape, {0, 1}, temperature);
  Point theta(2);
  if (along_axes) {
    visit_plane(plane, basin_edges(landscape), [&](double x, double y, double mass) {
      theta << x, y;
      add(basin_of(basins, theta), mass);
    });
  } else {
    const Cut& cut = basins.cuts[0];
    const double length = cut.direction.norm(), c = cut.direction[0] / length, s = cut.direction[1] / length;
    std::vector<double> positions;
    for (double p : cut.positions) positions.push_back(p / length);
    visit_plane(turned(plane, landscape, c, s), {positions, {}},
                [&](double u, double, double mass) { add(basins.minimum[bin_of(positions, u) + 1], mass); });
  }
  normalise(weights);
  return weights;
}

Prediction boltzmann_gibbs(const Landscape& landscape, double temperature, const std::vector<DensityGrid>& grids) {
  require_normalisable(landscape, temperature);
  const int d = landscape.dim();
  const bool is_separable = landscape.separable();
  Prediction prediction;
  prediction.mean.resize(d);
  prediction.second_moment.resize(d);
  for (const DensityGrid& grid : grids)
    prediction.densities.push_back(grid_cells(landscape, temperature, grid, is_separable));
  prediction.basins = gibbs_basin_weights(landscape, temperature);

  // Moments along each axis whose density is known; loss and Z where they are sums over the axes.
  double loss = 0, log_norm = 0;
  std::vector<std::optional<AxisMoments>> moments(d);
  for (int axis = 0; axis < d; ++axis) {
    if (const int first = landscape.alike(axis); first < axis)
      moments[axis] = moments[first];
    else if (const auto line = gibbs_line(landscape, axis, temperature))
      moments[axis] = axis_moments(*line);
    if (!moments[axis]) continue;
    prediction.mean[axis] = moments[axis]->mean;
    prediction.second_moment[axis] = moments[axis]->second;
    if (!is_separable) continue;
    const double base = base_of_part(landscape, axis);
    loss += base + temperature * moments[axis]->minus_log;
    log_norm += moments[axis]->log_norm - base / temperature;
  }
  if (is_separable) {
    prediction.loss = loss;
    prediction.log_norm = log_norm;
  } else if (d == 2) {
    add_plane_moments(landscape, temperature, prediction);
  }
  return prediction;
}

/// p = exp(-L/T) / Z: the stationary law of dtheta = -grad L dt + sqrt(2 T) dW, and the paper's claim.
Law boltzmann_gibbs_law() {
  return {.name = "boltzmann-gibbs",
          .title = "Boltzmann-Gibbs",
          .heading = "Gibbs",
          .summary = "the Boltzmann-Gibbs law",
          .source = "Jastrzebski et al., arXiv:1711.04623, Theorem 1",
          .is_whole = true,
          .predict = [](const LawInput& run) -> Answer<Prediction> {
            const std::string obstacle = normalising_obstacle(run.landscape, run.temperature);
            if (!obstacle.empty()) return Answer<Prediction>::none(obstacle);
            return boltzmann_gibbs(run.landscape, run.temperature, run.grids);
          }};
}

}  // namespace kramers::analysis
