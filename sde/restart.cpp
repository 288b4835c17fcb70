#include "sde/restart.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>

namespace kramers::sde {
namespace {

/// Samples of every part of time to the part that they are in of a longer run.
void into_longer(Counts& counts, std::uint64_t samples, std::uint64_t longer) {
  const Counts before = counts;
  std::ranges::fill(counts.at, 0);
  for (int group = 0; group < counts.groups; ++group) {
    const int part = group % time_parts, to = group - part + part_in_longer(part, samples, longer);
    for (int g = 0; g < counts.replicates; ++g)
      for (int cell = 0; cell < counts.cells; ++cell) counts(to, g, cell) += before(group, g, cell);
  }
}

/// The same of sums.
void into_longer(std::vector<ExactSum>& sums, const SumRows& rows, std::uint64_t samples, std::uint64_t longer) {
  for (auto row = sums.begin(); row != sums.end(); row += rows.count())
    for (const int first : {rows.loss(0), rows.temperature(0)})
      for (int part = 0; part < time_parts; ++part)
        if (const int to = part_in_longer(part, samples, longer); to != part) {
          row[first + to].add(row[first + part]);
          row[first + part] = ExactSum();
        }
}

}  // namespace

RunStatistics lengthened(RunStatistics s, const EnsemblePlan& plan) {
  if (s.trajectories != plan.trajectories || s.groups != plan.groups() || s.replicates != plan.replicates() ||
      s.densities.size() != plan.densities.size() || s.basins.cells != (plan.minima > 0 ? plan.minima + 1 : 0) ||
      s.phases.length(0) != plan.phases())
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
  for (Counts& density : s.densities) into_longer(density, s.samples, plan.samples());
  for (Counts* counts : {&s.basins, &s.phase_basins, &s.counted}) into_longer(*counts, s.samples, plan.samples());
  into_longer(s.moments.exact, s.rows(), s.samples, plan.samples());
  s.round_sums();
  s.samples = plan.samples();
  ++s.looks;
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
