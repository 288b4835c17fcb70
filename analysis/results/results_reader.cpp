#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/document/plain_text.hpp"
#include "analysis/prediction/list.hpp"
#include "analysis/results/density_groups.hpp"
#include "analysis/results/events_group.hpp"
#include "analysis/results/group_counts.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/results_layout.hpp"
#include "analysis/results/tables_in_file.hpp"
#include "analysis/results/verdict_group.hpp"

namespace kramers::analysis {
namespace {

using Names = std::vector<std::string>;

class ResultsReader {
 public:
  ResultsReader(const std::string& path, Origin origin) : path_(path), file_(path, origin) {
    if (!file_.is_ours()) refuse("it is not a results file of kramers");
    if (!file_.has_attribute("/", commit_mark::name) || file_.text("/", commit_mark::name) != commit_mark::complete)
      refuse("it lacks the mark of a finished file");
    if (!file_.has_attribute("/", "layout_version") || file_.integer("/", "layout_version") != layout::version)
      refuse("it has another layout version than this kramers (" + std::to_string(layout::version) + ")");
    if (file_.seal() == SealState::holds) return;
    if (!file_.is_unchanged())
      refuse("another program has changed it: its seal is missing, and the checksum of its results does not hold");
    results_.warnings.push_back(path +
                                " lacks the seal that kramers writes: another program has copied it, though the "
                                "results in it are those that were written, by their checksum");
  }

  Results read() {
    heading();
    dimensions();
    sweep();
    ensemble();
    read_densities(file_, results_);
    read_events(file_, results_);
    moments();
    if (file_.has("/basins")) basins();
    if (file_.has("/phases")) phases();
    if (file_.has("/posterior")) posterior();
    if (file_.has("/divergences")) divergences();
    if (file_.has("/verdict")) read_verdict(file_, results_);
    read_tables(file_, results_);
    return std::move(results_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw std::runtime_error("cannot read " + path_ + ": " + what);
  }

  std::uint64_t size(const std::string& dimension) const {
    const Sizes sizes = file_.sizes(dimension);
    if (sizes.size() != 1) refuse(dimension + " is no dimension");
    return sizes[0];
  }
  /// The same of what has to be there.
  int count(const std::string& dimension) const {
    const std::uint64_t all = size(dimension);
    if (all < 1 || all > std::numeric_limits<int>::max() / 2)
      refuse(dimension + " has " + std::to_string(all) + " entries");
    return int(all);
  }

  /// What all runs have alike.
  const sde::RunStatistics& first() const { return results_.runs[0].statistics; }

  /// Values of all runs, shared out: assign(run, values of the run). `sizes`: of a run's values.
  template <class T, class Assign>
  void scatter(const std::string& dataset, const Sizes& sizes, Assign assign) {
    analysis::scatter<T>(file_, dataset, sizes, results_, assign);
  }
  template <class Assign>
  void scatter_counts(const std::string& dataset, const Sizes& sizes, Assign assign) {
    analysis::scatter_counts(file_, dataset, sizes, results_, assign);
  }
  template <class Place>
  void scatter_known(const std::string& dataset, const Sizes& sizes, Place place) {
    analysis::scatter_known(file_, dataset, sizes, results_, place);
  }

  /// Counts per (group, part, replicate, cell), which their file has before memory is taken for them.
  template <class Place>
  void counts(const std::string& dataset, int cells, Place place) {
    scatter_counts(dataset, sizes_of_counts(first(), {std::uint64_t(cells)}), [&](RunResults& run, auto values) {
      place(run) = blank_counts(first(), cells);
      put_counts(place(run), values, 0, cells);
    });
  }

  /// The same of one cell, which has no dimension.
  template <class Place>
  void counts(const std::string& dataset, Place place) {
    scatter_counts(dataset, sizes_of_counts(first(), {}), [&](RunResults& run, auto values) {
      place(run) = blank_counts(first(), 1);
      put_counts(place(run), values, 0, 1);
    });
  }

  void heading() {
    results_.path = path_;
    results_.title = file_.text("/", "title");
    results_.counter_layout_version = file_.integer("/", "counter_layout_version");
    const std::string seed = file_.text("/", "seed");
    const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), results_.seed);
    if (error != std::errc() || end != seed.data() + seed.size())
      refuse("its seed is '" + seed + "', which is no number");
    results_.experiment_as_given = file_.text("/", "experiment_as_given");
    results_.experiment_resolved = file_.text("/", "experiment_resolved");
    const std::string group(provenance_group);
    if (!file_.has(group)) refuse("it lacks " + group);
    for (const auto& name : file_.attributes(group))
      if (name != commit_mark::digest) results_.provenance[name] = file_.text(group, name);
  }

  void dimensions() {
    results_.runs.resize(count("/sweep/run"));
    const int groups = count("/ensemble/group"), replicates = count("/ensemble/replicate"),
              dim = count("/moments/param");
    if (replicates > sde::max_replicates) refuse("it has more replicates than kramers makes");
    for (RunResults& run : results_.runs) {
      run.statistics.groups = groups;
      run.statistics.replicates = replicates;
      run.statistics.dim = dim;
    }
  }

  void sweep() {
    for (const auto& name : file_.children("/sweep")) {
      const std::string dataset = "/sweep/" + name;
      if (!file_.has_attribute(dataset, "key")) continue;
      const std::string key = file_.text(dataset, "key");
      if (const Names meanings = file_.texts(dataset, "meanings"); !meanings.empty())
        scatter<std::int8_t>(dataset, {}, [&](RunResults& run, auto code) {
          if (code[0] < 0 || std::size_t(code[0]) >= meanings.size()) refuse(dataset + " has a code without a meaning");
          run.swept[key] = meanings[code[0]];
        });
      else
        scatter<double>(dataset, {}, [&](RunResults& run, auto value) { run.swept[key] = value[0]; });
    }
    for (const auto& name : file_.texts("/derived", "names")) {
      const std::string doubled = "/derived/" + layout::derived_name(name, true);
      scatter<double>(file_.has(doubled) ? doubled : "/derived/" + layout::plain_name(name), {},
                      [&](RunResults& run, auto value) {
                        if (!std::isnan(value[0])) run.derived[name] = value[0];
                      });
    }
  }

  template <class Member>
  void run_variable(const std::string& name, Member member) {
    scatter_counts("/ensemble/" + name, {},
                   [&](RunResults& run, auto value) { run.statistics.*member = std::uint64_t(value[0]); });
  }

  void ensemble() {
    using sde::RunStatistics;
    run_variable("trajectories", &RunStatistics::trajectories);
    run_variable("samples", &RunStatistics::samples);
    run_variable("diverged", &RunStatistics::diverged);
    scatter<std::uint64_t>("/ensemble/final_state_hash", {},
                           [](RunResults& run, auto value) { run.statistics.final_state_hash = value[0]; });
    run_variable("looks", &RunStatistics::looks);
    scatter<std::int8_t>("/ensemble/full_covariance", {},
                         [](RunResults& run, auto value) { run.statistics.full_covariance = value[0] != 0; });
    for (auto& run : results_.runs) {
      if (run.statistics.full_covariance != first().full_covariance)
        refuse("/ensemble/full_covariance differs from run to run");
      if (run.statistics.full_covariance && first().dim > most_products) refuse("its covariance would be too large");
    }
    counts(
        "/ensemble/expected", [](RunResults & run) -> auto& { return run.statistics.expected; });
    counts(
        "/ensemble/counted", [](RunResults & run) -> auto& { return run.statistics.counted; });
  }

  /// Sizes by the names of dimensions.
  Sizes sizes_of(const Names& dimensions) const {
    Sizes sizes;
    for (const std::string& name : dimensions)
      sizes.push_back(name == "minimum" ? results_.minima.size() : std::uint64_t(first().dim));
    return sizes;
  }

  void vector_fields(const std::string& group, const std::vector<layout::VectorField>& fields) {
    for (const auto& field : fields)
      scatter_known(
          group + "/" + field.name,
          sizes_of(field.dimensions), [&](RunResults & run) -> auto& { return run.*field.place; });
  }

  void moments() {
    vector_fields("/moments", layout::moments);
    for (const auto& field : layout::scalars)
      scatter<double>(std::string("/moments/") + field.name, {},
                      [&](RunResults& run, auto value) { run.*field.place = value[0]; });
    const std::uint64_t replicates = first().replicates, quantities = first().quantities();
    scatter<double>("/moments/replicate_sums", {replicates, quantities},
                    [](RunResults& run, auto values) { run.statistics.sums.assign(values.begin(), values.end()); });
    const std::uint64_t groups = first().groups, rows = first().rows().count();
    scatter<double>("/moments/group_sums", {groups, replicates, rows}, [](RunResults& run, auto values) {
      run.statistics.group_sums.assign(values.begin(), values.end());
    });
    scatter_counts("/moments/sample_count", {replicates}, [](RunResults& run, auto values) {
      run.statistics.sample_count.assign(values.begin(), values.end());
    });
  }

  void basins() {
    const std::uint64_t dim = first().dim, minima = count("/basins/minimum");
    const auto at = file_.read<double>("/basins/minima", {minima, dim});
    for (std::size_t i = 0; i < at.size(); i += dim) results_.minima.emplace_back(at.begin() + i, at.begin() + i + dim);
    vector_fields("/basins", layout::basins);
    for (const Law& law : laws())
      scatter_known(
          "/basins/" + key_of(law), {minima}, [&](RunResults & run) -> auto& { return run.basins_by[key_of(law)]; });
    if (!file_.has("/basins/group_counts")) return;
    if (minima > most_minima) refuse("it has more minima than kramers tells apart");
    counts(
        "/basins/group_counts", int(minima) + 1, [](RunResults & run) -> auto& { return run.statistics.basins; });
    scatter_counts("/basins/transitions", {std::uint64_t(first().replicates), minima, minima},
                   [&](RunResults& run, auto values) {
                     const int pairs = int(minima * minima);
                     run.statistics.transitions = sde::Counts(1, first().replicates, pairs);
                     put_counts(run.statistics.transitions, values, 0, pairs);
                   });
  }

  void phases() {
    const int phases = count("/phases/phase");
    for (auto& run : results_.runs) run.statistics.phases.phases = phases;
    for (const auto& field : layout::phases) {
      Sizes sizes = sizes_of(field.dimensions);
      sizes.insert(sizes.begin(), phases);
      scatter_known(
          std::string("/phases/") + field.name,
          sizes, [&](RunResults & run) -> auto& { return run.phases.*field.place; });
    }
    const std::uint64_t quantities = sde::PhaseStatistics::quantities(first().dim);
    scatter<double>(
        "/phases/replicate_sums", {std::uint64_t(phases), std::uint64_t(first().replicates), quantities},
        [](RunResults& run, auto values) { run.statistics.phases.sums.assign(values.begin(), values.end()); });
    if (file_.has("/phases/group_counts"))
      counts(
          "/phases/group_counts", count("/phases/phase_basin"),
          [](RunResults & run) -> auto& { return run.statistics.phases.basins; });
  }

  void posterior() {
    const std::uint64_t chains = size("/posterior/chain"), draws = size("/posterior/draw");
    const std::size_t dim = first().dim, runs = results_.runs.size();
    const auto theta = file_.read<double>("/posterior/theta", {chains, draws, runs, dim});
    for (std::size_t r = 0; r < runs; ++r) {
      auto& s = results_.runs[r].statistics;
      s.chains = chains;
      s.draws = draws;
      for (std::size_t state = 0; state < chains * draws; ++state) {
        const auto from = theta.begin() + (state * runs + r) * dim;
        s.paths.insert(s.paths.end(), from, from + dim);
      }
    }
  }

  void divergences() {
    const std::uint64_t dim = first().dim, most = size("/divergences/divergence");
    scatter<std::int64_t>("/divergences/trajectory", {most}, [](RunResults& run, auto values) {
      for (auto value : values)
        if (value >= 0) run.statistics.divergences.push_back({.trajectory = std::uint64_t(value)});
    });
    scatter<std::int64_t>("/divergences/step", {most}, [](RunResults& run, auto values) {
      auto& all = run.statistics.divergences;
      for (std::size_t i = 0; i < all.size(); ++i) all[i].step = std::uint64_t(values[i]);
    });
    scatter<double>("/divergences/last_state", {most, dim}, [&](RunResults& run, auto values) {
      auto& all = run.statistics.divergences;
      for (std::size_t i = 0; i < all.size(); ++i)
        all[i].where.assign(values.begin() + i * dim, values.begin() + (i + 1) * dim);
    });
  }

  static constexpr int most_products = 1 << 14;  // the same
  static constexpr std::uint64_t most_minima = 1 << 12;

  std::string path_;
  Hdf5Reader file_;
  Results results_;
};

}  // namespace

Results read(const std::string& path) { return read(path, Origin::foreign); }

Results read(const std::string& path, Origin origin) {
  try {
    return ResultsReader(path, origin).read();
  } catch (const std::exception& error) {
    const std::string words = printable(error.what());
    if (words.starts_with("cannot read ")) throw;
    throw std::runtime_error("cannot read " + path + ": " + words);
  }
}

}  // namespace kramers::analysis
