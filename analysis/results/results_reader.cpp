#include <cmath>
#include <sstream>
#include <stdexcept>

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
  explicit ResultsReader(const std::string& path) : path_(path), file_(path) {
    if (!file_.is_ours()) throw std::runtime_error("cannot read " + path + ": it is not a results file of kramers");
    if (!file_.has_attribute("/", commit_mark::name) || file_.text("/", commit_mark::name) != commit_mark::complete)
      throw std::runtime_error("cannot read " + path + ": it lacks the mark of a finished file");
    const Attribute version = file_.attribute("/", "layout_version");
    if (version != Attribute(std::int64_t(layout::version)))
      throw std::runtime_error("cannot read " + path + ": it has another layout version than this kramers (" +
                               std::to_string(layout::version) + ")");
  }

  Results read() {
    heading();
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
  std::uint64_t size(const std::string& dimension) const { return file_.shape(dimension).at(0).size; }

  /// Values of all runs, shared out: assign(run, values of the run).
  template <class T, class Assign>
  void scatter(const std::string& dataset, Assign assign) {
    const auto all = file_.read<T>(dataset);
    const std::size_t runs = results_.runs.size(), each = all.size() / runs;
    if (all.size() % runs != 0) throw std::runtime_error(dataset + " in " + path_ + " has another shape than expected");
    for (std::size_t r = 0; r < runs; ++r) assign(results_.runs[r], std::span(all).subspan(r * each, each));
  }

  /// The same for what may be missing, altogether or (all NaN) in a run.
  template <class Place>
  void scatter_known(const std::string& dataset, Place place) {
    if (!file_.has(dataset)) return;
    scatter<double>(dataset, [&](RunResults& run, std::span<const double> values) {
      for (double value : values)
        if (!std::isnan(value)) {
          place(run).assign(values.begin(), values.end());
          return;
        }
    });
  }

  /// Every replicate's counts of the first `cells` and of the rest, put together again.
  static void join(sde::Counts& counts, std::span<const std::int64_t> values, int first, int cells) {
    for (std::size_t i = 0; i < values.size(); ++i) counts.at[i / cells * counts.cells + first + i % cells] = values[i];
  }

  /// By start group and part of time.
  static sde::Counts blank_counts(const RunResults& run, int cells) {
    return {run.statistics.groups * sde::time_parts, run.statistics.replicates, cells};
  }

  Names names(const std::string& object, const std::string& attribute) const {
    if (!file_.has_attribute(object, attribute)) return {};
    return std::get<Names>(file_.attribute(object, attribute));
  }

  void heading() {
    results_.title = file_.text("/", "title");
    results_.counter_layout_version = std::get<std::int64_t>(file_.attribute("/", "counter_layout_version"));
    results_.seed = std::stoull(file_.text("/", "seed"));
    results_.experiment_as_given = file_.text("/", "experiment_as_given");
    results_.experiment_resolved = file_.text("/", "experiment_resolved");
    const std::string group(provenance_group);
    for (const auto& name : file_.attributes(group))
      if (name != commit_mark::digest) results_.provenance[name] = file_.text(group, name);
    results_.runs.resize(size("/sweep/run"));
    if (results_.runs.empty()) throw std::runtime_error("cannot read " + path_ + ": it has no run");
  }

  void sweep() {
    for (const auto& name : file_.children("/sweep")) {
      const std::string dataset = "/sweep/" + name;
      if (!file_.has_attribute(dataset, "key")) continue;
      const std::string key = file_.text(dataset, "key");
      if (const Names meanings = names(dataset, "meanings"); !meanings.empty())
        scatter<std::int8_t>(dataset, [&](RunResults& run, auto code) { run.swept[key] = meanings.at(code[0]); });
      else
        scatter<double>(dataset, [&](RunResults& run, auto value) { run.swept[key] = value[0]; });
    }
    for (const auto& name : names("/derived", "names")) {
      const std::string doubled = "/derived/" + layout::derived_name(name, true);
      scatter<double>(file_.has(doubled) ? doubled : "/derived/" + layout::plain_name(name),
                      [&](RunResults& run, auto value) {
                        if (!std::isnan(value[0])) run.derived[name] = value[0];
                      });
    }
  }

  void grids() {
    for (int k = 0; file_.has("/density_" + std::to_string(k)); ++k) {
      const std::string group = "/density_" + std::to_string(k);
      sde::DensityGrid grid;
      const Shape counts = file_.shape(group + "/counts");
      for (std::size_t i = 1; i < counts.size(); ++i) {
        const std::string axis = counts[i].name.substr(counts[i].name.rfind('_') + 1);
        const auto edges = file_.read<double>(group + "/edges_" + axis);
        grid.axes.push_back(std::stoi(axis));
        grid.bins.push_back(int(counts[i].size));
        grid.range.push_back({edges.front(), edges.back()});
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
    scatter<std::int64_t>("/ensemble/" + name,
                          [&](RunResults& run, auto value) { run.statistics.*member = std::uint64_t(value[0]); });
  }

  void ensemble() {
    using sde::RunStatistics;
    const int groups = int(size("/ensemble/group")), replicates = int(size("/ensemble/replicate"));
    const int dim = int(size("/moments/param"));
    run_variable("trajectories", &RunStatistics::trajectories);
    run_variable("samples", &RunStatistics::samples);
    run_variable("diverged", &RunStatistics::diverged);
    scatter<std::uint64_t>("/ensemble/final_state_hash",
                           [](RunResults& run, auto value) { run.statistics.final_state_hash = value[0]; });
    run_variable("looks", &RunStatistics::looks);
    scatter<std::int8_t>("/ensemble/full_covariance",
                         [](RunResults& run, auto value) { run.statistics.full_covariance = value[0] != 0; });
    for (auto& run : results_.runs) {
      run.statistics.dim = dim;
      run.statistics.groups = groups;
      run.statistics.replicates = replicates;
    }
    for (const auto& [name, member] :
         {std::pair{"expected", &RunStatistics::expected}, {"counted", &RunStatistics::counted}})
      scatter<std::int64_t>(std::string("/ensemble/") + name, [&](RunResults& run, auto values) {
        run.statistics.*member = blank_counts(run, 1);
        join(run.statistics.*member, values, 0, 1);
      });
  }

  void density(int k) {
    const std::string group = "/density_" + std::to_string(k);
    const sde::DensityGrid& grid = results_.grids[k];
    const int bins = grid.bin_count(), outside = grid.cell_count() - bins;
    for (auto& run : results_.runs) run.statistics.densities[k] = blank_counts(run, grid.cell_count());
    scatter<std::int64_t>(group + "/group_counts",
                          [&](RunResults& run, auto values) { join(run.statistics.densities[k], values, 0, bins); });
    scatter<std::int64_t>(group + "/group_outside", [&](RunResults& run, auto values) {
      join(run.statistics.densities[k], values, bins, outside);
    });
    for (const auto& field : layout::cells) {
      std::vector<std::vector<double>> inside(results_.runs.size()), beyond(results_.runs.size());
      const auto index = [&](RunResults& run) { return std::size_t(&run - results_.runs.data()); };
      scatter_known(
          group + "/" + field.name, [&](RunResults & run) -> auto& { return inside[index(run)]; });
      scatter_known(
          group + "/outside_" + field.name, [&](RunResults & run) -> auto& { return beyond[index(run)]; });
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

  void vector_fields(const std::string& group, const std::vector<layout::VectorField>& fields) {
    for (const auto& field : fields)
      scatter_known(
          group + "/" + field.name, [&](RunResults & run) -> auto& { return run.*field.place; });
  }

  void moments() {
    vector_fields("/moments", layout::moments);
    for (const auto& field : layout::scalars)
      scatter<double>(std::string("/moments/") + field.name,
                      [&](RunResults& run, auto value) { run.*field.place = value[0]; });
    scatter<double>("/moments/replicate_sums",
                    [](RunResults& run, auto values) { run.statistics.sums.assign(values.begin(), values.end()); });
    scatter<double>("/moments/group_sums", [](RunResults& run, auto values) {
      run.statistics.group_sums.assign(values.begin(), values.end());
    });
    scatter<std::int64_t>("/moments/sample_count", [](RunResults& run, auto values) {
      run.statistics.sample_count.assign(values.begin(), values.end());
    });
  }

  void basins() {
    const auto minima = file_.read<double>("/basins/minima");
    const std::size_t dim = results_.runs[0].statistics.dim;
    for (std::size_t i = 0; i < minima.size(); i += dim)
      results_.minima.emplace_back(minima.begin() + i, minima.begin() + i + dim);
    vector_fields("/basins", layout::basins);
    if (!file_.has("/basins/group_counts")) return;
    const int cells = int(results_.minima.size()) + 1;
    scatter<std::int64_t>("/basins/group_counts", [&](RunResults& run, auto values) {
      run.statistics.basins = blank_counts(run, cells);
      join(run.statistics.basins, values, 0, cells);
    });
    scatter<std::int64_t>("/basins/transitions", [&](RunResults& run, auto values) {
      const int pairs = (cells - 1) * (cells - 1);
      run.statistics.transitions = sde::Counts(1, run.statistics.replicates, pairs);
      join(run.statistics.transitions, values, 0, pairs);
    });
  }

  void phases() {
    const int count = int(size("/phases/phase"));
    for (auto& run : results_.runs) run.statistics.phases.phases = count;
    for (const auto& field : layout::phases)
      scatter_known(
          std::string("/phases/") + field.name, [&](RunResults & run) -> auto& { return run.phases.*field.place; });
    scatter<double>("/phases/replicate_sums", [](RunResults& run, auto values) {
      run.statistics.phases.sums.assign(values.begin(), values.end());
    });
    if (!file_.has("/phases/group_counts")) return;
    const int cells = int(size("/phases/phase_basin"));
    scatter<std::int64_t>("/phases/group_counts", [&](RunResults& run, auto values) {
      run.statistics.phases.basins = blank_counts(run, cells);
      join(run.statistics.phases.basins, values, 0, cells);
    });
  }

  void posterior() {
    const auto theta = file_.read<double>("/posterior/theta");
    const std::uint64_t chains = size("/posterior/chain"), draws = size("/posterior/draw");
    const std::size_t dim = results_.runs[0].statistics.dim, runs = results_.runs.size();
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
    const std::size_t dim = results_.runs[0].statistics.dim;
    scatter<std::int64_t>("/divergences/trajectory", [](RunResults& run, auto values) {
      for (auto value : values)
        if (value >= 0) run.statistics.divergences.push_back({.trajectory = std::uint64_t(value)});
    });
    scatter<std::int64_t>("/divergences/step", [](RunResults& run, auto values) {
      auto& all = run.statistics.divergences;
      for (std::size_t i = 0; i < all.size(); ++i) all[i].step = std::uint64_t(values[i]);
    });
    scatter<double>("/divergences/last_state", [&](RunResults& run, auto values) {
      auto& all = run.statistics.divergences;
      for (std::size_t i = 0; i < all.size(); ++i)
        all[i].where.assign(values.begin() + i * dim, values.begin() + (i + 1) * dim);
    });
  }

  void comparisons() {
    const std::string judged = "/verdict/comparison_verdict", overall = "/verdict/run_verdict";
    const Names stationarity = names(overall, "stationarity");
    std::size_t next = 0;
    scatter<std::int8_t>(overall, [&](RunResults& run, auto code) {
      run.verdict = StoredVerdict(code[0]);
      run.stationarity = stationarity.at(next++);
    });
    scatter<double>("/verdict/judged_relaxation_time",
                    [](RunResults& run, auto value) { run.judged_relaxation_time = value[0]; });
    if (!file_.has(judged)) return;
    const Names what = names("/verdict/comparison", "names"), over = names(judged, "over"),
                reasons = names(judged, "reasons"), warnings = names(judged, "warnings");
    next = 0;
    scatter<std::int8_t>(judged, [&](RunResults& run, auto codes) {
      for (std::size_t i = 0; i < codes.size(); ++i, ++next) {
        run.comparisons.push_back({.what = what.at(i),
                                   .over = over.at(next),
                                   .verdict = StoredVerdict(codes[i]),
                                   .reason = reasons.at(next)});
        std::istringstream lines(warnings.at(next));
        for (std::string line; std::getline(lines, line);) run.comparisons.back().warnings.push_back(line);
      }
    });
    for (const auto& field : layout::comparisons)
      scatter<double>(std::string("/verdict/") + field.name, [&](RunResults& run, auto values) {
        for (std::size_t i = 0; i < values.size(); ++i) run.comparisons.at(i).*field.place = values[i];
      });
  }

  void verdict() {
    comparisons();
    const std::string verdict = "/verdict/verdict";
    if (!file_.has(verdict)) return;
    for (const auto& field : layout::verdicts)
      scatter<double>(std::string("/verdict/") + field.name, [&](RunResults& run, auto values) {
        for (std::size_t k = 0; k < values.size(); ++k) run.densities.at(k).*field.place = values[k];
      });
    for (const auto& name : names("/verdict", "more"))
      scatter<double>("/verdict/" + layout::plain_name(name), [&](RunResults& run, auto values) {
        for (std::size_t k = 0; k < values.size(); ++k)
          if (!std::isnan(values[k])) run.densities.at(k).more[name] = values[k];
      });
    const Names reasons = names(verdict, "reasons");
    std::size_t next = 0;
    scatter<std::int8_t>(verdict, [&](RunResults& run, auto codes) {
      for (std::size_t k = 0; k < codes.size(); ++k) {
        run.densities.at(k).verdict = StoredVerdict(codes[k]);
        run.densities.at(k).reason = reasons.at(next++);
      }
    });
  }

  std::string path_;
  Hdf5Reader file_;
  Results results_;
};

}  // namespace

Results read(const std::string& path) { return ResultsReader(path).read(); }

}  // namespace kramers::analysis
