#include "sde/restart.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>

namespace kramers::sde {
namespace {

/// All samples so far to the first of the two halves.
void into_first_half(Counts& counts) {
  const auto half = std::ptrdiff_t(counts.at.size() / 2);
  std::transform(counts.at.begin(), counts.at.begin() + half, counts.at.begin() + half, counts.at.begin(), std::plus());
  std::fill(counts.at.begin() + half, counts.at.end(), 0);
}

}  // namespace

RunStatistics lengthened(RunStatistics s, const EnsemblePlan& plan) {
  if (s.trajectories != plan.trajectories || s.groups != plan.groups() || s.replicates != plan.replicates() ||
      s.densities.size() != plan.densities.size() || s.basins.cells != (plan.minima > 0 ? plan.minima + 1 : 0) ||
      s.phases.phases != plan.phases())
    throw std::runtime_error("a state of another number of trajectories, groups, replicates, grids, minima or phases");
  if (s.passages.size() != plan.passages.size()) throw std::runtime_error("a state of another number of events");
  for (std::size_t k = 0; k < s.passages.size(); ++k)
    if (s.passages[k].steps_per_bin != plan.passages[k].steps_per_bin)
      throw std::invalid_argument("event " + std::to_string(k) + " has bins of " +
                                  std::to_string(s.passages[k].steps_per_bin) + " steps there and " +
                                  std::to_string(plan.passages[k].steps_per_bin) +
                                  " here; allowed: a range of its own from the beginning");
  if (s.samples == plan.samples()) return s;
  if (s.samples > plan.samples())
    throw std::invalid_argument("a run of " + std::to_string(s.samples) + " samples cannot go on as one of " +
                                std::to_string(plan.samples()));
  for (const PlannedTally& planned : planned_tallies(plan))
    if (const Tally* tally = s.tally(planned.shape.name); !tally || tally->shape != planned.shape)
      throw std::invalid_argument("'" + planned.shape.name +
                                  "' divides up the whole run, and a longer one differently; allowed: a new run");
  if (!s.groups_are_starts) {
    if (s.samples > plan.samples() / 2)
      throw std::invalid_argument(
          "stationarity is judged by halves in time here, and some samples of the second half would belong to the "
          "first "
          "half of the longer run; allowed: at least " +
          std::to_string(s.samples * plan.sample_every) + " steps more, or two start points from the beginning");
    for (Counts& density : s.densities) into_first_half(density);
    into_first_half(s.basins);
    into_first_half(s.phases.basins);
  }
  s.samples = plan.samples();
  if (s.chains > 0) {
    const std::uint64_t draws = plan.steps / plan.path_every, dim = s.dim;
    std::vector<double> paths(s.chains * draws * dim, std::numeric_limits<double>::quiet_NaN());
    for (std::uint64_t chain = 0; chain < s.chains; ++chain)
      std::copy_n(s.paths.begin() + chain * s.draws * dim, s.draws * dim, paths.begin() + chain * draws * dim);
    s.draws = draws;
    s.paths = std::move(paths);
  }
  return s;
}

}  // namespace kramers::sde
