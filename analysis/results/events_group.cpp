#include <stdexcept>

#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

/// Counts per (origin, replicate, and perhaps a cell of `dimension`).
struct CountsField {
  const char* name;
  sde::Counts sde::PassageCounts::*place;
  const char* dimension;
  const char* long_name;
};
constexpr CountsField counts_fields[] = {
    {"trajectories", &sde::PassageCounts::trajectories, nullptr, "trajectories that waited"},
    {"exposure", &sde::PassageCounts::exposure, nullptr, "steps that they waited"},
    {"passed", &sde::PassageCounts::passed, "bin", "first passages in a bin of time"},
    {"lost", &sde::PassageCounts::lost, "bin", "trajectories that diverged while they waited"},
    {"destinations", &sde::PassageCounts::destinations, "destination", "first passages into a basin"}};

std::string events_group(std::size_t k) { return "/events_" + std::to_string(k); }

Extents event_extents(std::size_t origins, std::size_t bins) { return {{}, {{"origin", origins}, {"bin", bins}}}; }
Extents origin_extents(Extents extents) {
  extents.of_owners = {"origin"};
  return extents;
}

void write_events(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  for (std::size_t k = 0; k < results.events.size(); ++k) {
    const sde::PassageCounts& first = results.runs[0].statistics.passages.at(k);
    const std::size_t origins = first.trajectories.groups, bins = first.passed.cells;
    RunGroup s(file, results, coordinates, events_group(k), "first passages: " + results.events[k].name);
    s.attribute("", "name", results.events[k].name);
    s.attribute("", "event", results.events[k].what);
    s.attribute("", "bridge", results.events[k].bridge ? "true" : "false");
    s.dimension("origin", count_up(origins), first.destinations.cells > 0 ? "basin of the start" : "all starts");
    s.dimension("replicate", count_up(first.trajectories.replicates),
                "replicate: trajectories independent of all others");
    s.dimension("bin", count_up(bins), "bin of the time since the start; the last: all later times");
    if (first.destinations.cells > 0)
      s.dimension("destination", count_up(first.destinations.cells), "basin of a minimum, or, the last, of none");

    for (const CountsField& field : counts_fields) {
      const sde::Counts& shape = first.*field.place;
      if (shape.cells == 0) continue;
      Names dimensions = {"run", "origin", "replicate"};
      if (field.dimension) dimensions.push_back(field.dimension);
      s.variable(field.name, dimensions,
                 gather_equal<std::int64_t>(results, field.name, shape.at.size(),
                                            [&](const RunResults& run) -> const std::vector<std::uint64_t>& {
                                              return (run.statistics.passages.at(k).*field.place).at;
                                            }),
                 field.long_name, Storage::compressed);
    }
    Integers widths;
    for (const RunResults& run : results.runs)
      widths.push_back(std::int64_t(run.statistics.passages.at(k).steps_per_bin));
    s.variable("steps_per_bin", {"run"}, widths, "steps that a bin of time spans");
    const Extents extents = event_extents(origins, bins);
    const auto itself = [k](const RunResults& run) { return std::span(&run.events.at(k), 1); };
    write_fields(s, results, layout::event_times, extents, Lack::refused, itself);
    write_fields(s, results, layout::passages, origin_extents(extents), Lack::refused,
                 [k](const RunResults& run) { return std::span(run.events.at(k).origins); });
    write_fields(s, results, layout::event_predictions, extents, Lack::refused, itself);
  }
}

void read_events(const Hdf5Reader& file, Results& results) {
  for (std::size_t k = 0; file.has(events_group(k)); ++k) {
    const std::string group = events_group(k);
    results.events.push_back(
        {file.text(group, "name"), file.text(group, "event"), file.text(group, "bridge") == "true"});
    const auto size = [&](const std::string& dimension) { return file.sizes(group + "/" + dimension).at(0); };
    const std::uint64_t origins = size("origin"), bins = size("bin"), replicates = size("replicate");
    for (RunResults& run : results.runs) {
      run.events.emplace_back();
      run.statistics.passages.emplace_back();
    }
    for (const CountsField& field : counts_fields) {
      const bool has = file.has(group + "/" + field.name);
      const std::uint64_t cells = !has ? 0 : field.dimension ? size(field.dimension) : 1;
      Sizes sizes{origins, replicates};
      if (field.dimension) sizes.push_back(cells);
      if (!has) {
        for (RunResults& run : results.runs)
          run.statistics.passages[k].*field.place = sde::Counts(int(origins), int(replicates), 0);
        continue;
      }
      scatter_counts(file, group + "/" + field.name, sizes, results, [&](RunResults& run, auto values) {
        sde::Counts& counts = run.statistics.passages[k].*field.place;
        counts = sde::Counts(int(origins), int(replicates), int(cells));
        counts.at.assign(values.begin(), values.end());
      });
    }
    scatter<std::int64_t>(file, group + "/steps_per_bin", {}, results, [&](RunResults& run, auto value) {
      if (value[0] < 1) throw std::runtime_error(group + "/steps_per_bin is not positive");
      run.statistics.passages[k].steps_per_bin = std::uint64_t(value[0]);
    });
    const Extents extents = event_extents(origins, bins);
    const auto itself = [k](RunResults& run) { return std::span(&run.events[k], 1); };
    read_fields(file, group, results, layout::event_times, extents, Lack::refused, itself);
    read_fields(
        file, group, results, layout::passages, origin_extents(extents),
        Lack::refused, [k](RunResults & run) -> auto& { return run.events[k].origins; });
    read_fields(file, group, results, layout::event_predictions, extents, Lack::refused, itself);
  }
}

}  // namespace

GroupKind events_group() { return {.write = write_events, .read = read_events}; }

}  // namespace kramers::analysis
