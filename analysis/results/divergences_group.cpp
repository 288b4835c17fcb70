#include <algorithm>
#include <stdexcept>

#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

void write_divergences(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  std::size_t most = 0;
  for (const auto& run : results.runs) most = std::max(most, run.statistics.divergences.size());
  if (most == 0) return;
  const std::size_t dim = results.runs[0].statistics.dim;
  Integers trajectory, step;
  std::vector<double> where;
  for (const auto& run : results.runs) {
    for (const auto& d : run.statistics.divergences) {
      if (d.where.size() != dim) throw std::invalid_argument("a divergence has a state of another dimension");
      trajectory.push_back(std::int64_t(d.trajectory));
      step.push_back(std::int64_t(d.step));
      where.insert(where.end(), d.where.begin(), d.where.end());
    }
    const std::size_t padding = most - run.statistics.divergences.size();
    trajectory.resize(trajectory.size() + padding, -1);
    step.resize(step.size() + padding, -1);
    where.resize(where.size() + padding * dim, not_known);
  }
  RunGroup s(file, results, coordinates, "/divergences", "the first trajectories that diverged, by number");
  s.dimension("divergence", count_up(most), "divergence");
  dimension_of_theta(s, int(dim));
  s.variable("trajectory", {"run", "divergence"}, trajectory, "trajectory; -1: no more");
  s.variable("step", {"run", "divergence"}, step, "step that led to the first bad state; -1: no more");
  s.variable("last_state", {"run", "divergence", "param"}, where, "last good state");
}

void read_divergences(const Hdf5Reader& file, Results& results) {
  if (!file.has("/divergences")) return;
  const std::uint64_t dim = results.runs[0].statistics.dim, most = size_of(file, "/divergences/divergence");
  scatter<std::int64_t>(file, "/divergences/trajectory", {most}, results, [](RunResults& run, auto values) {
    for (auto value : values)
      if (value >= 0) run.statistics.divergences.push_back({.trajectory = std::uint64_t(value)});
  });
  scatter<std::int64_t>(file, "/divergences/step", {most}, results, [](RunResults& run, auto values) {
    auto& all = run.statistics.divergences;
    for (std::size_t i = 0; i < all.size(); ++i) all[i].step = std::uint64_t(values[i]);
  });
  scatter<double>(file, "/divergences/last_state", {most, dim}, results, [&](RunResults& run, auto values) {
    auto& all = run.statistics.divergences;
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].where.assign(values.begin() + i * dim, values.begin() + (i + 1) * dim);
  });
}

}  // namespace

GroupKind divergences_group() { return {.write = write_divergences, .read = read_divergences}; }

}  // namespace kramers::analysis
