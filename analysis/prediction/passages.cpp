#include "analysis/prediction/passages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analysis/experiment/rates.hpp"
#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/mean_first_passage.hpp"
#include "sde/numbers/infinity.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

using sde::PassageEvent;

int basin_at(const landscapes::Basins& basins, double x) {
  return basin_of(basins, landscapes::Point(landscapes::Point::Constant(1, x)));
}

bool has_happened(const PassageEvent& event, double x) {
  return event.holds([x](const sde::HalfSpace& half) { return half.gap(x) <= 0; });
}

/// Where a trajectory waits: the interval around its start in which the event has not happened.
struct Wait {
  double low = -infinity, high = infinity;

  Wait(const PassageEvent& event, const landscapes::Landscape& landscape, double start) {
    const auto bound = [&](double at) {
      (at > start ? high : low) = at > start ? std::min(high, at) : std::max(low, at);
    };
    for (const sde::HalfSpace& half : event.half_spaces)
      if (has_happened(event, half.at)) bound(half.at);
    if (!event.tells_basins()) return;
    const landscapes::Basins& basins = *landscape.basins();
    for (const landscapes::Cut& cut : basins.cuts)
      for (double position : cut.positions) {
        const double at = position / cut.direction[0], step = 1e-9 * (1 + std::abs(at));
        if (basin_at(basins, at - step) != basin_at(basins, at + step)) bound(at);
      }
  }
};

/// Why no mean time is known; empty: one is.
std::string obstacle(const Experiment& experiment, const landscapes::Landscape& landscape, sde::NoiseStructure noise) {
  std::string only;
  if (landscape.dim() > 1) only = "in one dimension";
  if (sde::find_scheme(experiment.dynamics.scheme)->kinetic()) only = "without inertia";
  if (noise != sde::NoiseStructure::isotropic) only = "for isotropic noise";
  if (experiment.ensemble.start->kind != Start::Kind::points) only = "from start points";
  if (!landscape.confining()) only = "where the loss confines";
  return only.empty() ? "" : "the mean time is computed " + only + " alone";
}

}  // namespace

std::vector<PassagePrediction> passage_predictions(const Experiment& experiment, const landscapes::Landscape& landscape,
                                                   sde::NoiseStructure noise) {
  std::vector<PassagePrediction> all(experiment.record.events.size());
  const std::string why_not = all.empty() ? "" : obstacle(experiment, landscape, noise);
  for (std::size_t k = 0; k < all.size(); ++k) {
    all[k].why_not = why_not;
    if (!why_not.empty()) continue;
    const PassageEvent& event = experiment.record.events[k];
    const double T = temperature(experiment);
    const LineDiffusion diffusion = LineDiffusion::isotropic(*gibbs_line(landscape, 0, T), T);
    const auto& points = experiment.ensemble.start->at;
    const std::uint64_t trajectories = experiment.ensemble.trajectories;

    const auto over_starts = [&](double shift) {
      const int origins = event.origins(int(landscape.minima().size()));
      std::vector<double> mean(origins, 0.0), weight(origins, 0.0);
      for (std::size_t p = 0; p < points.size() && p < trajectories; ++p) {
        const double x = points[p][0], share = double((trajectories - 1 - p) / points.size() + 1);
        if (has_happened(event, x)) continue;
        const int origin = event.tells_basins() ? basin_at(*landscape.basins(), x) : 0;
        const Wait wait(event, landscape, x);
        mean[origin] += share * mean_exit_time(diffusion, x, wait.low - shift, wait.high + shift);
        weight[origin] += share;
      }
      for (int origin = 0; origin < origins; ++origin) mean[origin] /= weight[origin];
      return mean;
    };
    all[k].mean_time = over_starts(0);
    if (!event.bridge && sde::has_brownian_steps(experiment.dynamics.scheme))
      all[k].at_steps = over_starts(monitoring_shift * std::sqrt(2 * T * time_step(experiment)));
  }
  return all;
}

}  // namespace kramers::analysis
