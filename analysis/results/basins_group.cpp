#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "analysis/prediction/list.hpp"
#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

constexpr std::uint64_t most_minima = 1 << 12;

/// "minimum 0 at (-1, 0)", where it is there in every run.
Names minimum_names(const Results& results) {
  Names names;
  for (std::size_t i = 0; i < results.minima.size(); ++i) {
    const auto& at = results.minima[i];
    const bool stays = std::ranges::all_of(results.runs, [&](const RunResults& run) {
      const auto& all = run.landmarks.position;
      return (i + 1) * at.size() <= all.size() && std::equal(at.begin(), at.end(), all.begin() + i * at.size());
    });
    std::string where;
    for (double x : at) where += fmt::format("{}{:.4g}", where.empty() ? "" : ", ", x);
    names.push_back(fmt::format("minimum {}", i) + (stays && at.size() <= 3 ? " at (" + where + ")" : ""));
  }
  return names;
}

void write_landmarks(RunGroup& s, const Results& results) {
  using Landmarks = RunResults::Landmarks;
  const std::size_t minima = results.minima.size(), dim = results.runs[0].statistics.dim;
  const auto put = [&](const char* name, auto place, std::size_t each, const Names& dimensions, const char* long_name) {
    const auto values =
        gather_known(results, name, minima * each, [&](const RunResults& run) { return run.landmarks.*place; });
    if (!values.empty()) s.variable(name, dimensions, values, long_name);
  };
  put("position", &Landmarks::position, dim, {"run", "minimum", "param"}, "position of a minimum");
  put("loss", &Landmarks::loss, 1, {"run", "minimum"}, "loss at a minimum");
  put("hessian_determinant", &Landmarks::hessian_determinant, 1, {"run", "minimum"},
      "determinant of the Hessian of the loss at a minimum: the smaller, the wider");
  s.variable("widest", {"run"},
             gather<std::int64_t>(results, [](const RunResults& run) { return run.landmarks.widest; }),
             "the widest minimum, of the smallest determinant; -1: not known");
  if (dim > 0 && !results.runs[0].landmarks.hessian.empty()) {
    dimension_of_theta(s, int(dim), "param_2");
    put("hessian", &Landmarks::hessian, dim * dim, {"run", "minimum", "param", "param_2"},
        "Hessian of the loss at a minimum");
  }
}

Extents basin_extents(const Results& results) { return {{}, {{"minimum", results.minima.size()}}}; }

void write_basins(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  if (results.minima.empty()) return;
  const sde::RunStatistics& shape = results.runs[0].statistics;
  RunGroup s(file, results, coordinates, "/basins", "the basins of the minima");
  dimensions_of_counts(s, shape);
  dimension_of_theta(s, shape.dim);
  s.dimension("minimum", count_up(results.minima.size()), "minimum of the loss");
  s.coordinate("basin_name", {"minimum"}, minimum_names(results), "minimum of the loss");
  std::vector<double> minima;
  for (const auto& m : results.minima) minima.insert(minima.end(), m.begin(), m.end());
  s.variable("minima", {"minimum", "param"}, minima, "position of a minimum, in the first run");
  write_landmarks(s, results);
  write_fields(s, results, layout::basins, basin_extents(results), Lack::allowed,
               [](const RunResults& run) { return std::span(&run, 1); });
  for (const Law& law : laws()) {
    const std::string key = key_of(law);
    const auto values = gather_known(results, key, results.minima.size(),
                                     [&](const RunResults& run) { return value_or_empty(run.basins_by, key); });
    if (!values.empty()) s.variable(key, {"run", "minimum"}, values, std::string("the same by ") + law.summary);
  }
  if (shape.basins.cells == 0) return;
  s.dimension("basin", count_up(shape.basins.cells), "basin of a minimum, or, the last, of none");
  s.variable("group_counts", {"run", "group", "part", "replicate", "basin"},
             gather<std::int64_t>(results, [](const RunResults& run) { return run.statistics.basins.at; }),
             "samples in a basin", Storage::compressed);
  s.dimension("to_minimum", count_up(results.minima.size()), "minimum of the loss");
  s.variable("transitions", {"run", "replicate", "minimum", "to_minimum"},
             gather<std::int64_t>(results, [](const RunResults& run) { return run.statistics.transitions.at; }),
             "changes of basin from one sample to a later one", Storage::compressed);
}

void read_basins(const Hdf5Reader& file, Results& results) {
  if (!file.has("/basins")) return;
  const sde::RunStatistics& shape = results.runs[0].statistics;
  const std::uint64_t dim = shape.dim, minima = count_of(file, "/basins/minimum");
  const auto at = file.read<double>("/basins/minima", {minima, dim});
  for (std::size_t i = 0; i < at.size(); i += dim) results.minima.emplace_back(at.begin() + i, at.begin() + i + dim);
  read_fields(file, "/basins", results, layout::basins, basin_extents(results), Lack::allowed,
              [](RunResults& run) { return std::span(&run, 1); });
  for (const Law& law : laws())
    scatter_known(
        file, "/basins/" + key_of(law), {minima},
        results, [&](RunResults & run) -> auto& { return run.basins_by[key_of(law)]; });
  if (!file.has("/basins/group_counts")) return;
  if (minima > most_minima) throw std::runtime_error("it has more minima than kramers tells apart");
  read_counts(
      file, "/basins/group_counts", results, int(minima) + 1, {minima + 1},
      [](RunResults & run) -> auto& { return run.statistics.basins; });
  scatter_counts(file, "/basins/transitions", {std::uint64_t(shape.replicates), minima, minima}, results,
                 [&](RunResults& run, auto values) {
                   const int pairs = int(minima * minima);
                   run.statistics.transitions = sde::Counts(1, shape.replicates, pairs);
                   put_counts(run.statistics.transitions, values, 0, pairs);
                 });
}

}  // namespace

GroupKind basins_group() { return {.write = write_basins, .read = read_basins}; }

}  // namespace kramers::analysis
