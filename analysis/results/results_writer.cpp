#include <stdexcept>

#include "analysis/results/groups.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

void check_equal_shapes(const Results& results) {
  if (results.runs.empty()) throw std::invalid_argument("results without a run cannot be written");
  const auto& first = results.runs[0].statistics;
  const auto same_counts = [](const sde::Counts& a, const sde::Counts& b) {
    return a.groups == b.groups && a.replicates == b.replicates && a.cells == b.cells && a.at.size() == b.at.size();
  };
  for (const auto& run : results.runs) {
    const auto& s = run.statistics;
    bool same = s.dim == first.dim && s.replicates == first.replicates && s.groups == first.groups &&
                s.full_covariance == first.full_covariance && s.chains == first.chains && s.draws == first.draws &&
                s.phases.shape == first.phases.shape && same_counts(s.phase_basins, first.phase_basins) &&
                same_counts(s.expected, first.expected) && same_counts(s.counted, first.expected) &&
                same_counts(s.transitions, first.transitions) && same_counts(s.basins, first.basins) &&
                s.passages.size() == results.events.size() && run.events.size() == results.events.size() &&
                s.densities.size() == results.grids.size() && run.densities.size() <= results.grids.size() &&
                (s.basins.cells == 0 || s.basins.cells == int(results.minima.size()) + 1) &&
                run.swept.size() == results.runs[0].swept.size();
    for (std::size_t k = 0; same && k < s.densities.size(); ++k)
      same = s.densities[k].cells == results.grids[k].cell_count() && same_counts(s.densities[k], first.densities[k]);
    if (!same)
      throw std::invalid_argument(
          "the runs of a results file must have equal dimension, grids, minima, replicates, start groups and paths");
  }
}

void write_heading(Hdf5Writer& file, const Results& results) {
  file.attribute("/", "Conventions", "CF-1.8");
  file.attribute("/", "title", results.title);
  file.attribute("/", "history", "simulated by kramers; when, where and by which version: attributes of /provenance");
  if (!results.references.empty()) file.attribute("/", "references", results.references);
  file.attribute("/", commit_mark::source, commit_mark::kramers);
  file.attribute("/", "layout_version", std::int64_t(layout::version));
  file.attribute("/", "counter_layout_version", results.counter_layout_version);
  file.attribute("/", "seed", std::to_string(results.seed));
  file.attribute("/", "experiment_as_given", results.experiment_as_given);
  file.attribute("/", "experiment_resolved", results.experiment_resolved);
}

void write_provenance(Hdf5Writer& file, const Results& results) {
  const std::string group(provenance_group);
  file.group(group);
  for (const auto& [name, value] : results.provenance) file.attribute(group, name, value);
}

Hdf5Writer& build(Hdf5Writer& file, const Results& results) {
  check_equal_shapes(results);
  write_heading(file, results);
  const std::vector<Coordinate> coordinates = coordinates_of_runs(results);
  for (const GroupKind& kind : group_kinds()) kind.write(file, results, coordinates);
  write_provenance(file, results);
  return file;
}

}  // namespace

void write(const Results& results, const std::string& path, Replace replace) {
  Hdf5Writer file;
  build(file, results).commit(path, replace);
}

std::uint64_t size(const Results& results) {
  Hdf5Writer file;
  return build(file, results).finish().size();
}

}  // namespace kramers::analysis
