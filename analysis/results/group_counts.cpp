#include "analysis/results/group_counts.hpp"

namespace kramers::analysis {

void dimensions_of_counts(RunGroup& s, const sde::RunStatistics& shape) {
  s.dimension("group", count_up(shape.groups), "group of start points");
  s.dimension("part", count_up(sde::time_parts),
              "part of the samples in time; the first two end at powers of two, the second at the largest");
  s.dimension("replicate", count_up(shape.replicates), "replicate: trajectories independent of all others");
}

void dimension_of_theta(RunGroup& s, int dim, const std::string& name) {
  s.dimension(name, count_up(dim), "component of theta");
  s.coordinate(name + "_name", {name}, theta_names(dim), "component of theta");
}

Sizes sizes_of_counts(const sde::RunStatistics& shape, const Sizes& cells) {
  Sizes all{std::uint64_t(shape.groups), std::uint64_t(sde::time_parts), std::uint64_t(shape.replicates)};
  all.insert(all.end(), cells.begin(), cells.end());
  return all;
}

sde::Counts blank_counts(const sde::RunStatistics& shape, int cells) {
  return {shape.groups * sde::time_parts, shape.replicates, cells};
}

void put_counts(sde::Counts& counts, std::span<const std::int64_t> values, int first, int cells) {
  for (std::size_t i = 0; i < values.size(); ++i) counts.at[i / cells * counts.cells + first + i % cells] = values[i];
}

}  // namespace kramers::analysis
