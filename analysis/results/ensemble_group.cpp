#include <stdexcept>

#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"

namespace kramers::analysis {
namespace {

using sde::RunStatistics;

/// A number of a run.
struct CountOfRun {
  const char* name;
  std::uint64_t RunStatistics::*place;
  const char* long_name;
};
constexpr CountOfRun first_counts[] = {
    {"trajectories", &RunStatistics::trajectories, "trajectories"},
    {"samples", &RunStatistics::samples, "samples of a trajectory that does not diverge"},
    {"diverged", &RunStatistics::diverged, "trajectories that diverged"}};
constexpr CountOfRun looks = {"looks", &RunStatistics::looks, "how often a shorter run was finished, and went on"};

/// Samples by start group, part of time and replicate.
struct SamplesField {
  const char* name;
  sde::Counts RunStatistics::*place;
  const char* long_name;
};
constexpr SamplesField samples_fields[] = {
    {"expected", &RunStatistics::expected, "samples due, those of diverged trajectories included"},
    {"counted", &RunStatistics::counted, "samples that went into sums"}};

constexpr int most_products = 1 << 14;

std::string in_ensemble(const char* name) { return std::string("/ensemble/") + name; }

void write_count(RunGroup& s, const Results& results, const CountOfRun& count) {
  s.variable(count.name, {"run"},
             gather<std::int64_t>(results, [&](const RunResults& run) { return run.statistics.*count.place; }),
             count.long_name);
}

void read_count(const Hdf5Reader& file, Results& results, const CountOfRun& count) {
  scatter_counts(file, in_ensemble(count.name), {}, results,
                 [&](RunResults& run, auto value) { run.statistics.*count.place = std::uint64_t(value[0]); });
}

Integers first_trajectories(const RunResults& run) {
  Integers first;
  for (int r = 0; r < run.statistics.replicates; ++r)
    first.push_back(std::int64_t(sde::first_of_replicate(r, run.statistics.trajectories)));
  return first;
}

void write_ensemble(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  const RunStatistics& shape = results.runs[0].statistics;
  RunGroup s(file, results, coordinates, "/ensemble", "what was simulated");
  dimensions_of_counts(s, shape);
  for (const CountOfRun& count : first_counts) write_count(s, results, count);
  s.variable("final_state_hash", {"run"},
             gather<std::uint64_t>(results, [](const RunResults& run) { return run.statistics.final_state_hash; }),
             "sum over trajectories of a hash of the final state");
  s.variable("full_covariance", {"run"},
             gather<std::int8_t>(results, [](const RunResults& run) { return run.statistics.full_covariance; }),
             "products of all pairs of components were summed", Storage::plain, {{"dtype", "bool"}});
  write_count(s, results, looks);
  for (const SamplesField& field : samples_fields)
    s.variable(field.name, {"run", "group", "part", "replicate"},
               gather<std::int64_t>(results, [&](const RunResults& run) { return (run.statistics.*field.place).at; }),
               field.long_name);
  s.variable("first_trajectory", {"run", "replicate"}, gather<std::int64_t>(results, first_trajectories),
             "first trajectory of a replicate, which ends where the next begins");
  const auto start = gather_known(results, "start", std::size_t(shape.groups) * shape.dim,
                                  [](const RunResults& run) { return run.landmarks.start; });
  if (start.empty()) return;
  dimension_of_theta(s, shape.dim);
  s.variable("start", {"run", "group", "param"}, start, "start point of a group");
}

void read_ensemble(const Hdf5Reader& file, Results& results) {
  const RunStatistics& shape = results.runs[0].statistics;
  for (const CountOfRun& count : first_counts) read_count(file, results, count);
  scatter<std::uint64_t>(file, in_ensemble("final_state_hash"), {}, results,
                         [](RunResults& run, auto value) { run.statistics.final_state_hash = value[0]; });
  scatter<std::int8_t>(file, in_ensemble("full_covariance"), {}, results,
                       [](RunResults& run, auto value) { run.statistics.full_covariance = value[0] != 0; });
  read_count(file, results, looks);
  for (const RunResults& run : results.runs)
    if (run.statistics.full_covariance != shape.full_covariance)
      throw std::runtime_error("/ensemble/full_covariance differs from run to run");
  if (shape.full_covariance && shape.dim > most_products) throw std::runtime_error("its covariance would be too large");
  for (const SamplesField& field : samples_fields)
    read_counts(
        file, in_ensemble(field.name), results, 1,
        {}, [&](RunResults & run) -> auto& { return run.statistics.*field.place; });
}

}  // namespace

GroupKind ensemble_group() { return {.write = write_ensemble, .read = read_ensemble}; }

}  // namespace kramers::analysis
