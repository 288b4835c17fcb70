#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

Extents phase_extents(const Results& results, std::size_t phases) {
  return {
      {"phase"},
      {{"phase", phases}, {"param", std::size_t(results.runs[0].statistics.dim)}, {"minimum", results.minima.size()}}};
}
Extents extents_of_all(Extents extents) {
  extents.of_owners.clear();
  return extents;
}

void write_phases(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  const sde::RunStatistics& shape = results.runs[0].statistics;
  const std::size_t count = shape.phases.phases;
  if (count == 0) return;
  RunGroup s(file, results, coordinates, "/phases", "samples by the phase of the schedule");
  dimensions_of_counts(s, shape);
  dimension_of_theta(s, shape.dim);
  s.dimension("phase", count_up(count), "phase: a stage, or a bin of what is continuous");
  if (!results.minima.empty()) s.dimension("minimum", count_up(results.minima.size()), "minimum of the loss");
  const Extents extents = phase_extents(results, count);
  write_fields(s, results, layout::set_in_phases, extents_of_all(extents), Lack::allowed,
               [](const RunResults& run) { return std::span(&run.phases, 1); });
  write_fields(s, results, layout::phases, extents, Lack::allowed,
               [](const RunResults& run) { return std::span(run.phases.sampled); });
  Names names = {"samples"};
  for (int i = 0; i < shape.dim; ++i) names.push_back("theta_" + std::to_string(i));
  for (int i = 0; i < shape.dim; ++i) names.push_back("theta_" + std::to_string(i) + " theta_" + std::to_string(i));
  for (const char* last : {"loss", "loss loss"}) names.push_back(last);
  s.dimension("phase_quantity", count_up(names.size()), "product that was summed", {{"names", names}});
  s.coordinate("phase_quantity_name", {"phase_quantity"}, names, "product that was summed");
  s.variable("replicate_sums", {"run", "phase", "replicate", "phase_quantity"},
             gather<double>(results, [](const RunResults& run) { return run.statistics.phases.sums; }),
             "sums over the samples of a replicate");
  if (shape.phases.basins.cells == 0) return;
  s.dimension("phase_basin", count_up(shape.phases.basins.cells),
              "for each phase the basin of a minimum, or, the last, of none");
  s.variable("group_counts", {"run", "group", "part", "replicate", "phase_basin"},
             gather<std::int64_t>(results, [](const RunResults& run) { return run.statistics.phases.basins.at; }),
             "samples in a basin", Storage::compressed);
}

void read_phases(const Hdf5Reader& file, Results& results) {
  if (!file.has("/phases")) return;
  const sde::RunStatistics& shape = results.runs[0].statistics;
  const int count = count_of(file, "/phases/phase");
  for (RunResults& run : results.runs) run.statistics.phases.phases = count;
  const Extents extents = phase_extents(results, count);
  read_fields(file, "/phases", results, layout::set_in_phases, extents_of_all(extents), Lack::allowed,
              [](RunResults& run) { return std::span(&run.phases, 1); });
  read_fields(
      file, "/phases", results, layout::phases, extents, Lack::allowed,
      [](RunResults & run) -> auto& { return run.phases.sampled; });
  const std::uint64_t quantities = sde::PhaseStatistics::quantities(shape.dim);
  scatter<double>(
      file, "/phases/replicate_sums", {std::uint64_t(count), std::uint64_t(shape.replicates), quantities}, results,
      [](RunResults& run, auto values) { run.statistics.phases.sums.assign(values.begin(), values.end()); });
  if (!file.has("/phases/group_counts")) return;
  const int cells = count_of(file, "/phases/phase_basin");
  read_counts(
      file, "/phases/group_counts", results, cells, {std::uint64_t(cells)},
      [](RunResults & run) -> auto& { return run.statistics.phases.basins; });
}

}  // namespace

GroupKind phases_group() { return {.write = write_phases, .read = read_phases}; }

}  // namespace kramers::analysis
