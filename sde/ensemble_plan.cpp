#include "sde/ensemble.hpp"
#include "sde/observers/observer.hpp"

namespace kramers::sde {

BytesNeeded bytes_needed(const EnsemblePlan& plan, int dim, int extra_rows, std::size_t number) {
  const double of_phases = plan.phases() * PhaseStatistics::quantities(dim);
  const double state = dim + extra_rows;
  double sums = blank_statistics(plan, dim).quantities() + of_phases;
  double rows = sums;  // of a trajectory
  for (const PassageEvent& event : plan.passages) rows += event.rows();
  for (const PlannedTally& planned : planned_tallies(plan)) {
    rows += planned.numbers_a_trajectory;
    sums += double(planned.shape.size());
  }
  const double lane = double(number) * state + sizeof(double) * rows + double(sizeof(Lanes)) / block_lanes;
  double cells = (plan.minima + 1) * (1 + plan.phases()) * plan.groups();
  for (const DensityGrid& grid : plan.densities) cells += grid.cell_count() * plan.groups();
  for (const PassageEvent& event : plan.passages)
    cells += (2.0 * (event.bins + 1) + event.destinations(plan.minima) + 2) * event.origins(plan.minima);
  const double counts = sizeof(std::uint64_t) * cells * plan.replicates();
  const double paths = sizeof(double) * double(std::min(plan.path_count, plan.trajectories)) *
                       double(plan.steps / plan.path_every) * dim;
  const double exact_sums = sizeof(ExactSum) * sums * plan.replicates();
  constexpr int copies = 3;  // in the observers, for judging, in the file that is built in memory; there, of exact sums
                             // only what they round to
  return {double(plan.blocks_here()) * block_lanes * lane, copies * (counts + paths) + (copies - 1) * exact_sums,
          double(plan.trajectories_here()) * (sizeof(double) * (state + rows) + 1)};
}

RunStatistics blank_statistics(const EnsemblePlan& plan, int dim) {
  RunStatistics statistics;
  statistics.trajectories = plan.trajectories;
  statistics.samples = plan.samples();
  statistics.dim = dim;
  statistics.replicates = plan.replicates();
  statistics.groups = plan.groups();
  statistics.groups_are_starts = plan.groups_are_starts();
  statistics.full_covariance = dim <= largest_full_covariance;
  statistics.phases.phases = plan.phases();
  return statistics;
}

RunStatistics empty_statistics(const EnsemblePlan& plan, int dim) {
  RunStatistics statistics = blank_statistics(plan, dim);
  statistics.expected = Counts(plan.groups(), plan.replicates(), 1);
  const std::uint64_t groups = plan.groups(), first_half = plan.samples() / 2;
  for (int r = 0; r < plan.replicates(); ++r) {
    const std::uint64_t begin = plan.first_of_replicate(r), end = plan.first_of_replicate(r + 1);
    for (std::uint64_t g = 0; g < groups; ++g) {
      // of the trajectories below k, those that started at point g
      const auto started = [&](std::uint64_t k) { return (k + groups - 1 - g) / groups; };
      if (plan.groups_are_starts())
        statistics.expected(int(g), r, 0) = (started(end) - started(begin)) * plan.samples();
      else
        statistics.expected(int(g), r, 0) = (end - begin) * (g == 0 ? first_half : plan.samples() - first_half);
    }
  }
  return statistics;
}

}  // namespace kramers::sde
