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
  const std::size_t count = shape.phases.length(0);
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
  const sde::TallyAxis& quantities = shape.phases.shape.axes[1];
  s.dimension("phase_quantity", count_up(quantities.at.size()), quantities.meaning, {{"names", quantities.words}});
  s.coordinate("phase_quantity_name", {"phase_quantity"}, quantities.words, quantities.meaning);
  s.variable(
      "replicate_sums", {"run", "phase", "replicate", "phase_quantity"},
      gather<double>(
          results, [&](const RunResults& run) { return swapped(run.statistics.phases.sums, shape.replicates, count); }),
      "sums over the samples of a replicate");
  if (shape.phase_basins.cells == 0) return;
  s.dimension("phase_basin", count_up(shape.phase_basins.cells),
              "for each phase the basin of a minimum, or, the last, of none");
  s.variable("group_counts", {"run", "group", "part", "replicate", "phase_basin"},
             gather<std::int64_t>(results, [](const RunResults& run) { return run.statistics.phase_basins.at; }),
             "samples in a basin", Storage::compressed);
}

void read_phases(const Hdf5Reader& file, Results& results) {
  if (!file.has("/phases")) return;
  const sde::RunStatistics& shape = results.runs[0].statistics;
  const int count = count_of(file, "/phases/phase");
  const Extents extents = phase_extents(results, count);
  read_fields(file, "/phases", results, layout::set_in_phases, extents_of_all(extents), Lack::allowed,
              [](RunResults& run) { return std::span(&run.phases, 1); });
  read_fields(
      file, "/phases", results, layout::phases, extents, Lack::allowed,
      [](RunResults & run) -> auto& { return run.phases.sampled; });
  const std::uint64_t replicates = shape.replicates, quantities = sde::phase_quantities(shape.dim);
  scatter<double>(file, "/phases/replicate_sums", {std::uint64_t(count), replicates, quantities}, results,
                  [&](RunResults& run, auto values) {
                    sde::Tally& phases = run.statistics.phases;
                    phases.shape = sde::phases_shape(count, shape.dim);
                    phases.replicates = int(replicates);
                    phases.sums = swapped(values, count, replicates);
                  });
  if (!file.has("/phases/group_counts")) return;
  const int cells = count_of(file, "/phases/phase_basin");
  read_counts(
      file, "/phases/group_counts", results, cells, {std::uint64_t(cells)},
      [](RunResults & run) -> auto& { return run.statistics.phase_basins; });
}

}  // namespace

GroupKind phases_group() { return {.write = write_phases, .read = read_phases}; }

}  // namespace kramers::analysis
