#include "analysis/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/time_average.hpp"
#include "analysis/verdict/distances.hpp"
#include "analysis/verdict/planning.hpp"
#include "analysis/verdict/variation.hpp"

namespace kramers::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The diffusions of single axes, as far as marginals are known.
class Axes {
 public:
  explicit Axes(const StudiedRun& studied)
      : studied_(studied),
        temperature_(studied.theory.derived.effective_temperature),
        lines_(studied.landscape->dim()) {}

  /// Null: its marginal is not known.
  const TimeAverage* operator[](int axis) {
    const Derived& d = studied_.theory.derived;
    if (!lines_[axis])
      if (const auto density = gibbs_line(*studied_.landscape, axis, temperature_))
        lines_[axis].emplace(*density, temperature_, Sampling{d.sampled_time, double(d.samples)},
                             d.friction.value_or(1));
    return lines_[axis] ? &*lines_[axis] : nullptr;
  }

 private:
  const StudiedRun& studied_;
  double temperature_;
  std::vector<std::optional<TimeAverage>> lines_;
};

/// Where basins are slabs along one axis.
std::vector<double> basin_errors(const StudiedRun& studied, Axes& axes) {
  const auto& basins = studied.landscape->basins();
  if (!basins || basins->cuts.size() != 1) return {};
  const landscapes::Cut& cut = basins->cuts.front();
  const Eigen::Index count = (cut.direction.array() != 0).count();
  if (count != 1) return {};
  int axis = 0;
  while (cut.direction[axis] == 0) ++axis;
  const TimeAverage* line = axes[axis];
  if (!line) return {};
  std::vector<double> errors(studied.landscape->minima().size());
  std::vector<std::vector<double>> inside(errors.size(), std::vector<double>(line->grid().x.size()));
  for (std::size_t i = 0; i < line->grid().x.size(); ++i) {
    const double along = cut.direction[axis] * line->grid().x[i];
    const auto slab = std::upper_bound(cut.positions.begin(), cut.positions.end(), along) - cut.positions.begin();
    if (const int minimum = basins->minimum[slab]; minimum >= 0) inside[minimum][i] = 1;
  }
  for (std::size_t i = 0; i < errors.size(); ++i)
    errors[i] = expected_error(std::sqrt(line->variance(std::move(inside[i]))),
                               double(studied.run.experiment.ensemble.trajectories));
  return errors;
}

/// Standard deviation over single trajectories of the virial <x . grad L> / d, which every scheme's estimate of the
/// temperature is to leading order.
std::optional<double> temperature_deviation(const StudiedRun& studied, Axes& axes) {
  const int dim = studied.landscape->dim();
  if (studied.theory.derived.friction || (dim > 1 && !separable(*studied.landscape))) return std::nullopt;
  const std::vector<double> origin = origin_of(*studied.landscape, *studied.run.experiment.ensemble.start);
  double variance = 0;
  for (int axis = 0; axis < dim; ++axis) {
    const TimeAverage* line = axes[axis];
    if (!line) return std::nullopt;
    std::vector<double> virial;
    landscapes::Point at = Eigen::Map<const landscapes::Point>(origin.data(), dim);
    for (double x : line->grid().x) {
      at[axis] = x;
      virial.push_back((x - origin[axis]) * studied.landscape->gradient(at)[axis]);
    }
    variance += line->variance(std::move(virial)) / (double(dim) * dim);
  }
  return std::sqrt(variance);
}

/// How many trajectories decide, where `deviation` and `noise` are those of one.
void decide(Forecast::Density& density, const StudiedRun& studied, double deviation, double noise, int comparisons) {
  const auto& compare = studied.run.experiment.compare;
  const double bias = density.bias.value_or(0);
  if (std::abs(compare.tolerance - bias) <= JudgeSettings{}.integrator_law_error * bias) {
    density.why_none =
        fmt::format("the bias of h, {:.4f}, lies at the tolerance {:g}: reduce h", bias, compare.tolerance);
    return;
  }
  const double alpha = bias < compare.tolerance ? compare.alpha : compare.alpha / comparisons;
  const double decides = trajectories_to_decide(
      {.deviation = deviation, .noise = noise, .bias = bias, .tolerance = compare.tolerance, .alpha = alpha});
  density.trajectories = std::ceil(std::max(decides, double(sde::max_replicates)));
}

Forecast::Density density_forecast(const StudiedRun& studied, int k, const TimeAverage& line, int comparisons) {
  const sde::DensityGrid& grid = studied.run.experiment.record.density[k];
  const double trajectories = double(studied.run.experiment.ensemble.trajectories);
  double floor = 0, worst = 0;
  const std::vector<double> edges = grid_edges(grid, 0);
  for (std::size_t i = 0; i <= edges.size(); ++i) {
    const double low = i == 0 ? -infinity : edges[i - 1], high = i == edges.size() ? infinity : edges[i];
    floor += std::sqrt(line.variance_between(low, high)) / std::sqrt(2 * std::numbers::pi);
    if (i < edges.size()) worst = std::max(worst, std::sqrt(line.variance_between(-infinity, high)));
  }
  Forecast::Density density{
      .index = k, .noise_floor = expected_error(floor, trajectories), .error = expected_error(worst, trajectories)};
  const auto& theory = studied.theory;
  if (theory.integrator && theory.integrator->densities[k])
    density.bias = total_variation(*theory.gibbs->densities[k], *theory.integrator->densities[k]);
  decide(density, studied, worst, std::max(0.0, floor - std::sqrt(2 / std::numbers::pi) * worst), comparisons);
  return density;
}

}  // namespace

std::optional<double> Forecast::trajectories() const {
  double most = temperature_trajectories;
  for (const Density& density : densities) {
    if (!density.trajectories) return std::nullopt;
    most = std::max(most, *density.trajectories);
  }
  return most > 0 ? std::optional(most) : std::nullopt;
}

std::vector<double> expected_basin_errors(const StudiedRun& studied) {
  if (!studied.theory.relaxation) return {};
  Axes axes(studied);
  return basin_errors(studied, axes);
}

Forecast forecast(const StudiedRun& studied, int comparisons) {
  Forecast f;
  const Theory& theory = studied.theory;
  if (theory.derived.survey) {
    f.why_not = "they are computed for dynamics that stay as they are, without a schedule";
    return f;
  }
  if (!theory.relaxation) {
    f.why_not = theory.derived.noise == sde::NoiseStructure::isotropic
                    ? "no relaxation time is: no exact marginal of the density, or so cold that nothing ever crosses"
                    : "they are computed for isotropic noise alone";
    return f;
  }
  f.estimate = theory.relaxation->estimate;
  const Experiment& e = studied.run.experiment;
  Axes axes(studied);
  f.basin_errors = basin_errors(studied, axes);
  if (const auto deviation = temperature_deviation(studied, axes)) {
    f.temperature_error = expected_error(*deviation, double(e.ensemble.trajectories));
    const double tolerance = 0.01 * theory.derived.effective_temperature;
    f.temperature_trajectories =
        std::ceil(trajectories_to_decide({.deviation = *deviation, .tolerance = tolerance, .alpha = e.compare.alpha}));
  }
  for (int k = 0; k < int(e.record.density.size()); ++k) {
    if (e.record.density[k].axes.size() != 1 || !theory.gibbs || !theory.gibbs->densities[k]) continue;
    if (const TimeAverage* line = axes[e.record.density[k].axes[0]])
      f.densities.push_back(density_forecast(studied, k, *line, comparisons));
  }
  return f;
}

}  // namespace kramers::analysis
