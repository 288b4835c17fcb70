#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "analysis/experiment/plain_text.hpp"
#include "analysis/results/events_group.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/results_layout.hpp"
#include "analysis/results/tables_in_file.hpp"

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
    grids();
    ensemble();
    for (std::size_t k = 0; k < results_.grids.size(); ++k) density(int(k));
    read_events(file_, results_);
    moments();
    if (file_.has("/basins")) basins();
    if (file_.has("/phases")) phases();
    if (file_.has("/posterior")) posterior();
    if (file_.has("/divergences")) divergences();
    if (file_.has("/verdict")) verdict();
    read_tables(file_, results_);
    return std::move(results_);
  }

 private:
  using Sizes = std::vector<std::uint64_t>;

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

  /// Values of all runs, shared out: assign(run, values of the run). `sizes`: of a run's values.
  template <class T, class Assign>
  void scatter(const std::string& dataset, Sizes sizes, Assign assign) {
    const std::size_t runs = results_.runs.size();
    sizes.insert(sizes.begin(), runs);
    const auto all = file_.read<T>(dataset, sizes);
    const std::size_t each = all.size() / runs;
    for (std::size_t r = 0; r < runs; ++r) assign(results_.runs[r], std::span(all).subspan(r * each, each));
  }

  /// The same of counts.
  template <class Assign>
  void scatter_counts(const std::string& dataset, const Sizes& sizes, Assign assign) {
    scatter<std::int64_t>(dataset, sizes, [&](RunResults& run, std::span<const std::int64_t> values) {
      if (std::ranges::any_of(values, [](std::int64_t n) { return n < 0; })) refuse(dataset + " has a negative count");
      assign(run, values);
    });
  }

  /// The same for what may be missing, altogether or (all NaN) in a run.
  template <class Place>
  void scatter_known(const std::string& dataset, const Sizes& sizes, Place place) {
    if (!file_.has(dataset)) return;
    scatter<double>(dataset, sizes, [&](RunResults& run, std::span<const double> values) {
      for (double value : values)
        if (!std::isnan(value)) {
          place(run).assign(values.begin(), values.end());
          return;
        }
    });
  }

  /// By start group and part of time.
  sde::Counts blank_counts(int cells) const { return {groups_ * sde::time_parts, replicates_, cells}; }
  Sizes of_groups(const Sizes& cells) const {
    Sizes all{std::uint64_t(groups_), std::uint64_t(sde::time_parts), std::uint64_t(replicates_)};
    all.insert(all.end(), cells.begin(), cells.end());
    return all;
  }

  /// Counts per (group, part, replicate, cell), which their file has before memory is taken for them.
  template <class Place>
  void counts(const std::string& dataset, int cells, Place place) {
    scatter_counts(dataset, of_groups({std::uint64_t(cells)}), [&](RunResults& run, auto values) {
      place(run) = blank_counts(cells);
      join(place(run), values, 0, cells);
    });
  }

  /// The same of one cell, which has no dimension.
  template <class Place>
  void counts(const std::string& dataset, Place place) {
    scatter_counts(dataset, of_groups({}), [&](RunResults& run, auto values) {
      place(run) = blank_counts(1);
      join(place(run), values, 0, 1);
    });
  }

  /// Every replicate's counts of the first `cells` and of the rest, put together again.
  static void join(sde::Counts& counts, std::span<const std::int64_t> values, int first, int cells) {
    for (std::size_t i = 0; i < values.size(); ++i) counts.at[i / cells * counts.cells + first + i % cells] = values[i];
  }

  /// A number that is written as a text.
  template <class T>
  T number(const std::string& text, const std::string& what) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      refuse(what + " is '" + text + "', which is no number");
    return value;
  }

  void heading() {
    results_.path = path_;
    results_.title = file_.text("/", "title");
    results_.counter_layout_version = file_.integer("/", "counter_layout_version");
    results_.seed = number<std::uint64_t>(file_.text("/", "seed"), "its seed");
    results_.experiment_as_given = file_.text("/", "experiment_as_given");
    results_.experiment_resolved = file_.text("/", "experiment_resolved");
    const std::string group(provenance_group);
    if (!file_.has(group)) refuse("it lacks " + group);
    for (const auto& name : file_.attributes(group))
      if (name != commit_mark::digest) results_.provenance[name] = file_.text(group, name);
  }

  void dimensions() {
    results_.runs.resize(count("/sweep/run"));
    groups_ = count("/ensemble/group");
    replicates_ = count("/ensemble/replicate");
    dim_ = count("/moments/param");
    if (replicates_ > sde::max_replicates) refuse("it has more replicates than kramers makes");
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

  void grids() {
    for (int k = 0; file_.has("/density_" + std::to_string(k)); ++k) {
      const std::string group = "/density_" + std::to_string(k);
      sde::DensityGrid grid;
      file_.sizes(group + "/counts");
      const Shape counts = file_.shape(group + "/counts");
      if (counts.size() < 2 || counts.size() > 3) refuse(group + "/counts is over no axis, or over more than two");
      std::uint64_t cells = 1;
      for (std::size_t i = 1; i < counts.size(); ++i) {
        const std::string axis = counts[i].name.substr(counts[i].name.rfind('_') + 1);
        grid.axes.push_back(number<int>(axis, "an axis of " + group));
        cells *= std::min<std::uint64_t>(counts[i].size, std::numeric_limits<std::int32_t>::max());
        if (grid.axes.back() < 0 || grid.axes.back() >= dim_ || cells < 1 || cells > most_cells)
          refuse("the bins of " + group + " are not those of a density");
        const auto edges = file_.read<double>(group + "/edges_" + axis, {counts[i].size + 1});
        grid.bins.push_back(int(counts[i].size));
        grid.range.push_back({edges.front(), edges.back()});
        if (!(edges.front() < edges.back()) || !std::isfinite(edges.back() - edges.front()))
          refuse(group + "/edges_" + axis + " do not ascend");
      }
      results_.grids.push_back(grid);
    }
    for (auto& run : results_.runs) {
      run.statistics.densities.resize(results_.grids.size());
      run.densities.resize(results_.grids.size());
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
      run.statistics.dim = dim_;
      run.statistics.groups = groups_;
      run.statistics.replicates = replicates_;
      if (run.statistics.full_covariance != results_.runs[0].statistics.full_covariance)
        refuse("/ensemble/full_covariance differs from run to run");
      if (run.statistics.full_covariance && dim_ > most_products) refuse("its covariance would be too large");
    }
    counts(
        "/ensemble/expected", [](RunResults & run) -> auto& { return run.statistics.expected; });
    counts(
        "/ensemble/counted", [](RunResults & run) -> auto& { return run.statistics.counted; });
  }

  void density(int k) {
    const std::string group = "/density_" + std::to_string(k);
    const sde::DensityGrid& grid = results_.grids[k];
    const int bins = grid.bin_count(), outside = grid.cell_count() - bins;
    const Sizes inner(grid.bins.begin(), grid.bins.end()), outer{std::uint64_t(outside)};
    scatter_counts(group + "/group_counts", of_groups(inner), [&](RunResults& run, auto values) {
      run.statistics.densities[k] = blank_counts(grid.cell_count());
      join(run.statistics.densities[k], values, 0, bins);
    });
    scatter_counts(group + "/group_outside", of_groups(outer),
                   [&](RunResults& run, auto values) { join(run.statistics.densities[k], values, bins, outside); });
    for (const auto& field : layout::cells) {
      std::vector<std::vector<double>> inside(results_.runs.size()), beyond(results_.runs.size());
      const auto index = [&](RunResults& run) { return std::size_t(&run - results_.runs.data()); };
      scatter_known(
          group + "/" + field.name, inner, [&](RunResults & run) -> auto& { return inside[index(run)]; });
      scatter_known(
          group + "/outside_" + field.name, outer, [&](RunResults & run) -> auto& { return beyond[index(run)]; });
      for (std::size_t r = 0; r < inside.size(); ++r) {
        if (inside[r].empty() && beyond[r].empty()) continue;
        inside[r].resize(bins, not_known);
        beyond[r].resize(outside, not_known);
        auto& cells = results_.runs[r].densities[k].*field.place;
        cells = inside[r];
        cells.insert(cells.end(), beyond[r].begin(), beyond[r].end());
      }
    }
  }

  /// Sizes by the names of dimensions.
  Sizes sizes_of(const Names& dimensions) const {
    Sizes sizes;
    for (const std::string& name : dimensions)
      sizes.push_back(name == "minimum" ? results_.minima.size() : std::uint64_t(dim_));
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
    const std::uint64_t replicates = replicates_, quantities = results_.runs[0].statistics.quantities();
    scatter<double>("/moments/replicate_sums", {replicates, quantities},
                    [](RunResults& run, auto values) { run.statistics.sums.assign(values.begin(), values.end()); });
    const std::uint64_t groups = groups_, rows = results_.runs[0].statistics.rows().count();
    scatter<double>("/moments/group_sums", {groups, replicates, rows}, [](RunResults& run, auto values) {
      run.statistics.group_sums.assign(values.begin(), values.end());
    });
    scatter_counts("/moments/sample_count", {replicates}, [](RunResults& run, auto values) {
      run.statistics.sample_count.assign(values.begin(), values.end());
    });
  }

  void basins() {
    const std::uint64_t dim = dim_, minima = count("/basins/minimum");
    const auto at = file_.read<double>("/basins/minima", {minima, dim});
    for (std::size_t i = 0; i < at.size(); i += dim) results_.minima.emplace_back(at.begin() + i, at.begin() + i + dim);
    vector_fields("/basins", layout::basins);
    if (!file_.has("/basins/group_counts")) return;
    if (minima > most_minima) refuse("it has more minima than kramers tells apart");
    counts(
        "/basins/group_counts", int(minima) + 1, [](RunResults & run) -> auto& { return run.statistics.basins; });
    scatter_counts("/basins/transitions", {std::uint64_t(replicates_), minima, minima},
                   [&](RunResults& run, auto values) {
                     const int pairs = int(minima * minima);
                     run.statistics.transitions = sde::Counts(1, replicates_, pairs);
                     join(run.statistics.transitions, values, 0, pairs);
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
    const std::uint64_t quantities = sde::PhaseStatistics::quantities(dim_);
    scatter<double>(
        "/phases/replicate_sums", {std::uint64_t(phases), std::uint64_t(replicates_), quantities},
        [](RunResults& run, auto values) { run.statistics.phases.sums.assign(values.begin(), values.end()); });
    if (file_.has("/phases/group_counts"))
      counts(
          "/phases/group_counts", count("/phases/phase_basin"),
          [](RunResults & run) -> auto& { return run.statistics.phases.basins; });
  }

  void posterior() {
    const std::uint64_t chains = size("/posterior/chain"), draws = size("/posterior/draw");
    const std::size_t dim = dim_, runs = results_.runs.size();
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
    const std::uint64_t dim = dim_, most = size("/divergences/divergence");
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

  StoredVerdict verdict_of(std::int8_t code) const {
    if (code < 0 || code > std::int8_t(StoredVerdict::not_stationary)) refuse("/verdict has an unknown verdict");
    return StoredVerdict(code);
  }
  /// A text for each of so many.
  Names words(const std::string& object, const std::string& attribute, std::size_t count) const {
    const Names all = file_.texts(object, attribute);
    if (all.size() != count) refuse(object + " lacks " + attribute);
    return all;
  }

  void comparisons() {
    const std::string judged = "/verdict/comparison_verdict", overall = "/verdict/run_verdict";
    const std::size_t runs = results_.runs.size();
    const Names stationarity = words(overall, "stationarity", runs);
    std::size_t next = 0;
    scatter<std::int8_t>(overall, {}, [&](RunResults& run, auto code) {
      run.verdict = verdict_of(code[0]);
      run.stationarity = stationarity[next++];
    });
    scatter<double>("/verdict/judged_relaxation_time", {},
                    [](RunResults& run, auto value) { run.judged_relaxation_time = value[0]; });
    if (!file_.has(judged)) return;
    const std::uint64_t count = size("/verdict/comparison");
    const Names what = words("/verdict/comparison", "names", count), over = words(judged, "over", runs * count),
                reasons = words(judged, "reasons", runs * count), warnings = words(judged, "warnings", runs * count);
    next = 0;
    scatter<std::int8_t>(judged, {count}, [&](RunResults& run, auto codes) {
      for (std::size_t i = 0; i < codes.size(); ++i, ++next) {
        run.comparisons.push_back(
            {.what = what[i], .over = over[next], .verdict = verdict_of(codes[i]), .reason = reasons[next]});
        std::istringstream lines(warnings[next]);
        for (std::string line; std::getline(lines, line);) run.comparisons.back().warnings.push_back(line);
      }
    });
    for (const auto& field : layout::comparisons)
      scatter<double>(std::string("/verdict/") + field.name, {count}, [&](RunResults& run, auto values) {
        for (std::size_t i = 0; i < values.size(); ++i) run.comparisons[i].*field.place = values[i];
      });
  }

  void verdict() {
    comparisons();
    const std::string verdict = "/verdict/verdict";
    if (!file_.has(verdict)) return;
    const Sizes densities{results_.grids.size()};
    for (const auto& field : layout::verdicts)
      scatter<double>(std::string("/verdict/") + field.name, densities, [&](RunResults& run, auto values) {
        for (std::size_t k = 0; k < values.size(); ++k) run.densities[k].*field.place = values[k];
      });
    for (const auto& name : file_.texts("/verdict", "more"))
      scatter<double>("/verdict/" + layout::plain_name(name), densities, [&](RunResults& run, auto values) {
        for (std::size_t k = 0; k < values.size(); ++k)
          if (!std::isnan(values[k])) run.densities[k].more[name] = values[k];
      });
    const Names reasons = words(verdict, "reasons", results_.runs.size() * results_.grids.size());
    std::size_t next = 0;
    scatter<std::int8_t>(verdict, densities, [&](RunResults& run, auto codes) {
      for (std::size_t k = 0; k < codes.size(); ++k) {
        run.densities[k].verdict = verdict_of(codes[k]);
        run.densities[k].reason = reasons[next++];
      }
    });
  }

  static constexpr std::uint64_t most_cells = 1 << 30;  // their number is an int
  static constexpr int most_products = 1 << 14;         // the same
  static constexpr std::uint64_t most_minima = 1 << 12;

  std::string path_;
  Hdf5Reader file_;
  Results results_;
  int groups_ = 0, replicates_ = 0, dim_ = 0;
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
