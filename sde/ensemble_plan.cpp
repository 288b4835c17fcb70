#include "sde/ensemble_plan.hpp"

#include "sde/lanes.hpp"

namespace kramers::sde {

BytesNeeded bytes_needed(const EnsemblePlan& plan, int dim, int extra_rows, std::size_t number) {
  const double of_phases = plan.phases() * phase_quantities(dim);
  const double state = dim + extra_rows;
  const SumRows kept = blank_statistics(plan, dim).rows();
  double sums = plan.groups() * kept.count() + of_phases;
  double rows = kept.count() + of_phases + (plan.minima > 0);  // of a trajectory
  for (const PassageEvent& event : plan.passages) rows += event.rows();
  for (const PlannedTally& planned : planned_tallies(plan)) {
    rows += planned.numbers_a_trajectory;
    sums += double(planned.shape.size());
  }
  const double lane = double(number) * state + sizeof(double) * rows + double(sizeof(Lanes)) / block_lanes;
  const int regions = plan.groups() * time_parts;
  double cells = (plan.minima + 1) * (1 + plan.phases()) * regions + plan.minima * plan.minima;
  for (const DensityGrid& grid : plan.densities) cells += grid.cell_count() * regions;
  for (const PassageEvent& event : plan.passages)
    cells += (2.0 * (event.bins + 1) + event.destinations(plan.minima) + 2) * event.origins(plan.minima);
  const double counts = sizeof(std::uint64_t) * cells * plan.replicates();
  const double paths = sizeof(double) * double(std::min(plan.path_count, plan.trajectories)) *
                       double(plan.steps / plan.path_every) * dim;
  const double exact_sums = sizeof(ExactSum) * sums * plan.replicates();
  constexpr double copies = 3;            // in the observers, for judging, in the file that is built in memory
  constexpr double copies_of_sums = 4.8;  // there, what is made of them: as measured in 20,000 dimensions
  return {double(plan.blocks_here()) * block_lanes * lane, copies * (counts + paths) + copies_of_sums * exact_sums,
          double(plan.trajectories_here()) * (sizeof(double) * (state + rows) + 1)};
}

RunStatistics blank_statistics(const EnsemblePlan& plan, int dim) {
  RunStatistics statistics;
  statistics.trajectories = plan.trajectories;
  statistics.samples = plan.samples();
  statistics.dim = dim;
  statistics.replicates = plan.replicates();
  statistics.groups = plan.groups();
  statistics.full_covariance = dim <= largest_full_covariance;
  return statistics;
}

RunStatistics empty_statistics(const EnsemblePlan& plan, int dim) {
  RunStatistics statistics = blank_statistics(plan, dim);
  statistics.expected = Counts(plan.groups() * time_parts, plan.replicates(), 1);
  const std::uint64_t points = plan.groups() == 1 ? 1 : plan.start.at.size();
  for (int r = 0; r < plan.replicates(); ++r) {
    const std::uint64_t begin = plan.first_of_replicate(r), end = plan.first_of_replicate(r + 1);
    for (std::uint64_t point = 0; point < points; ++point) {
      // of the trajectories below k, those that started at this point
      const auto started = [&](std::uint64_t k) { return (k + points - 1 - point) / points; };
      for (int part = 0; part < time_parts; ++part)
        statistics.expected(plan.group(point) * time_parts + part, r, 0) +=
            (started(end) - started(begin)) * samples_of_part(part, plan.samples());
    }
  }
  return statistics;
}

}  // namespace kramers::sde
