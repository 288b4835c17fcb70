#include "analysis/study/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/inertia.hpp"
#include "analysis/prediction/line_relaxation.hpp"
#include "analysis/prediction/time_average.hpp"
#include "analysis/statistics/distances.hpp"
#include "analysis/statistics/variation.hpp"
#include "analysis/verdict/planning.hpp"
#include "sde/numbers/infinity.hpp"

namespace kramers::analysis {
namespace {

constexpr double temperature_tolerance = 0.01;  // of T

/// The diffusions of single axes, as far as marginals are known.
class Axes {
 public:
  explicit Axes(const StudiedRun& studied)
      : studied_(studied),
        temperature_(studied.theory.derived.effective_temperature),
        lines_(studied.landscape->dim()) {}

  /// Null: its marginal is not known, or no grid resolves it.
  const TimeAverage* operator[](int axis) {
    if (!lines_[axis])
      if (const auto density = gibbs_line(*studied_.landscape, axis, temperature_))
        if (const auto rate = relaxation_rate(*density, temperature_))
          lines_[axis].emplace(*density, temperature_, sampling(), slowness(*density, *rate));
    return lines_[axis] ? &*lines_[axis] : nullptr;
  }

 private:
  Sampling sampling() const {
    const Derived& d = studied_.theory.derived;
    Sampling sampling{d.sampled_time, double(d.samples)};
    if (studied_.run.experiment.ensemble.start->kind == Start::Kind::points) sampling.burn_in = d.burn_in_time;
    return sampling;
  }
  /// With inertia: as if every mode were as much slower as the slowest.
  double slowness(const LineDensity& line, double rate) const {
    const auto& friction = studied_.theory.derived.friction;
    if (!friction) return 1;
    return time_with_inertia(slowest_exchange(line, temperature_), 1 / rate, *friction) * rate;
  }

  const StudiedRun& studied_;
  double temperature_;
  std::vector<std::optional<TimeAverage>> lines_;
};

/// Do trajectories start in at least two basins, so that the contrast between them tells how they exchange?
bool starts_in_two_basins(const StudiedRun& studied) {
  const auto& start = *studied.run.experiment.ensemble.start;
  if (start.kind != Start::Kind::points || !studied.landscape->basins()) return false;
  std::set<int> basins;
  for (const auto& at : start.at)
    basins.insert(basin_of(*studied.landscape->basins(), Eigen::Map<const landscapes::Point>(at.data(), at.size())));
  return basins.size() > 1;
}

/// Where basins are slabs along one axis.
std::vector<double> basin_errors(const StudiedRun& studied, Axes& axes) {
  const auto& basins = studied.landscape->basins();
  // What has not left the one basin that it started in errs by what its start holds, whatever the spread.
  constexpr double much = 0.1;
  if (!starts_in_two_basins(studied) && window_of(studied).from_start() > much) return {};
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
  constexpr int most_axes = 64;  // each is solved on a grid of its own
  if (studied.theory.derived.friction || dim > most_axes || (dim > 1 && !studied.landscape->separable()))
    return std::nullopt;
  const std::vector<double> origin = origin_of(*studied.landscape, *studied.run.experiment.ensemble.start);
  double variance = 0;
  std::vector<double> of_axis(dim);
  for (int axis = 0; axis < dim; ++axis) {
    const int first = studied.landscape->alike(axis);
    if (first < axis && origin[first] == origin[axis]) {
      of_axis[axis] = of_axis[first];
    } else {
      const TimeAverage* line = axes[axis];
      if (!line) return std::nullopt;
      std::vector<double> virial;
      landscapes::Point at = Eigen::Map<const landscapes::Point>(origin.data(), dim);
      for (double x : line->grid().x) {
        at[axis] = x;
        virial.push_back((x - origin[axis]) * studied.landscape->gradient(at)[axis]);
      }
      of_axis[axis] = line->variance(std::move(virial));
    }
    variance += of_axis[axis] / (double(dim) * dim);
  }
  return std::sqrt(variance);
}

/// Where theory's relaxation time is not exact a verdict measures it, which takes about so many times the trajectories.
constexpr double price_of_measuring = 2;

/// How many trajectories decide, where `deviation` and `noise` are those of one.
double trajectories_for(const StudiedRun& studied, Plan plan) {
  plan.noise_of_extrapolation = window_of(studied).noise_of_extrapolation();
  const double price = studied.theory.relaxation->is_exact() ? 1 : price_of_measuring;
  return std::ceil(std::max(price * trajectories_to_decide(plan), double(sde::max_replicates)));
}

void decide(Forecast::Density& density, const StudiedRun& studied, double deviation, double noise, int comparisons) {
  const auto& compare = studied.run.experiment.compare;
  const double bias = density.bias.value_or(0);
  density.disagrees = bias > compare.tolerance;
  if (std::abs(compare.tolerance - bias) <= JudgeSettings{}.integrator_law_error * bias) {
    density.why_none =
        fmt::format("the bias of h, {:.4f}, lies at the tolerance {:g}: reduce h", bias, compare.tolerance);
    return;
  }
  if (density.why_none = window_advice(studied); !density.why_none.empty()) return;
  const double from_start = window_of(studied).from_start();
  const double needed =
      trajectories_for(studied, {.deviation = deviation,
                                 .noise = noise,
                                 .bias = bias,
                                 .from_start = from_start,
                                 .tolerance = compare.tolerance,
                                 .alpha = bias < compare.tolerance ? compare.alpha : compare.alpha / comparisons});
  if (std::isfinite(needed))
    density.trajectories = needed;
  else
    density.why_none = fmt::format(
        "what is left of the start, {:.2g}, and the bias of h, {:.2g}, meet the tolerance {:g}: "
        "burn in longer or reduce h",
        from_start, bias, compare.tolerance);
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
    density.bias = total_variation(*theory.prediction->densities[k], *theory.integrator->densities[k]);
  decide(density, studied, worst, std::max(0.0, floor - std::sqrt(2 / std::numbers::pi) * worst), comparisons);
  return density;
}

}  // namespace

std::optional<double> Forecast::trajectories() const {
  std::optional<double> disagrees;
  for (const Density& density : densities)
    if (density.disagrees && density.trajectories)
      disagrees = std::min(disagrees.value_or(infinity), *density.trajectories);
  if (disagrees) return disagrees;
  double most = std::max(temperature_trajectories, basin_trajectories);
  for (const Density& density : densities) {
    if (!density.trajectories) return std::nullopt;
    most = std::max(most, *density.trajectories);
  }
  return most > 0 ? std::optional(most) : std::nullopt;
}

std::vector<double> expected_basin_errors(const StudiedRun& studied) {
  if (!studied.theory.relaxation || std::isinf(studied.theory.relaxation->time)) return {};
  if (studied.theory.derived.noise != sde::NoiseStructure::isotropic) return {};
  Axes axes(studied);
  return basin_errors(studied, axes);
}

Window window_of(const StudiedRun& studied) {
  const Derived& d = studied.theory.derived;
  const double time = studied.theory.relaxation->time;
  Window window{d.burn_in_time / time, d.sampled_time / time};
  if (!studied.theory.prediction) return window;
  const auto& start = *studied.run.experiment.ensemble.start;
  for (int i = 0; i < studied.landscape->dim(); ++i) {
    const auto &mean = studied.theory.prediction->mean[i], &second = studied.theory.prediction->second_moment[i];
    if (!mean || !second) continue;
    const double deviation = std::sqrt(*second - *mean * *mean);
    const auto far = [&](double distance) {
      if (deviation > 0) window.start_distance = std::max(window.start_distance, std::abs(distance) / deviation);
    };
    for (const auto& point : start.at) far(point[i] - *mean);
    for (const auto* point : {&start.mean, &start.low, &start.high})
      if (!point->empty()) far((*point)[i] - *mean);
    if (!start.deviation.empty()) far(start.deviation[i]);
  }
  return window;
}

std::string window_advice(const StudiedRun& studied) {
  const auto& relaxation = studied.theory.relaxation;
  if (!relaxation) return "";
  if (std::isinf(relaxation->time))
    return "nothing ever crosses between the basins: what is sampled depends on where it starts, however long it runs";
  const Window window = window_of(studied);
  const double tolerance = studied.run.experiment.compare.tolerance;
  if (!relaxation->is_exact() && window.sampled < enough_to_measure && !starts_in_two_basins(studied))
    return fmt::format(
        "theory does not know the relaxation time exactly; to measure it takes about {:g} of it, and {:.2g} are "
        "sampled: "
        "sample longer{}",
        enough_to_measure, window.sampled, studied.landscape->minima().size() > 1 ? ", or start in two basins" : "");
  const double burn_in = enough_burn_in(window, tolerance);
  if (window.sampled >= enough_sampled || window.burn_in >= burn_in) return "";
  return fmt::format(
      "after {:.2g} relaxation times of burn-in and {:.2g} sampled the start may still show by {:.2g}; the tolerance "
      "{:g} "
      "takes {:.2g} of burn-in, or {:g} sampled",
      window.burn_in, window.sampled, window.from_start(), tolerance, burn_in, enough_sampled);
}

Forecast forecast(const StudiedRun& studied, int comparisons) {
  Forecast f;
  const Theory& theory = studied.theory;
  if (theory.derived.survey)
    f.why_not = "they are computed for dynamics that stay as they are, without a schedule";
  else if (theory.derived.noise != sde::NoiseStructure::isotropic)
    f.why_not = "they are computed for isotropic noise alone";
  else if (!theory.relaxation)
    f.why_not = "no relaxation time is: " + theory.why_no_relaxation;
  else if (std::isinf(theory.relaxation->time))
    f.why_not = window_advice(studied);
  if (!f.why_not.empty()) return f;
  f.estimate = theory.relaxation->kind != Relaxation::Kind::exact;
  const Experiment& e = studied.run.experiment;
  const double trajectories = double(e.ensemble.trajectories);
  Axes axes(studied);
  f.basin_errors = basin_errors(studied, axes);
  const bool decides = window_advice(studied).empty();
  const Window window = window_of(studied);
  if (const auto deviation = temperature_deviation(studied, axes)) {
    f.temperature_error = expected_error(*deviation, trajectories);
    const double needed = trajectories_for(studied, {.deviation = *deviation / theory.derived.effective_temperature,
                                                     .from_start = window.start_distance * window.from_start(),
                                                     .tolerance = temperature_tolerance,
                                                     .alpha = e.compare.alpha});
    if (decides && std::isfinite(needed)) f.temperature_trajectories = needed;
  }
  if (decides && theory.prediction && theory.prediction->basins && f.basin_errors.size() > 1) {
    const double worst = *std::max_element(f.basin_errors.begin(), f.basin_errors.end());
    const bool biased = theory.integrator && theory.integrator->basins;
    const double needed = trajectories_for(
        studied, {.deviation = worst * std::sqrt(trajectories),
                  .bias = biased ? total_variation(*theory.prediction->basins, *theory.integrator->basins) : 0,
                  .from_start = window.from_start(),
                  .tolerance = e.compare.tolerance,
                  .alpha = e.compare.alpha});
    if (std::isfinite(needed)) f.basin_trajectories = needed;
  }
  for (int k = 0; k < int(e.record.density.size()); ++k) {
    if (e.record.density[k].axes.size() != 1 || !theory.prediction || !theory.prediction->densities[k]) continue;
    if (const TimeAverage* line = axes[e.record.density[k].axes[0]])
      f.densities.push_back(density_forecast(studied, k, *line, comparisons));
  }
  if (f.basin_errors.empty() && !f.temperature_error && f.densities.empty())
    f.why_not = "no exact marginal of the density is";
  return f;
}

}  // namespace kramers::analysis
