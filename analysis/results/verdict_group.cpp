#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <stdexcept>

#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

constexpr const char* group = "/verdict";
std::string in_group(const std::string& name) { return std::string(group) + "/" + name; }

Attributes verdict_flags(Attributes more) {
  more.insert(more.begin(),
              {{"flag_values", std::vector<std::int8_t>{0, 1, 2, 3, 4}}, {"flag_meanings", layout::verdict_meanings}});
  return more;
}

void write_runs(RunGroup& s, const Results& results) {
  std::vector<std::int8_t> verdicts;
  Names stationarity;
  for (const RunResults& run : results.runs) {
    verdicts.push_back(std::int8_t(run.verdict));
    stationarity.push_back(run.stationarity);
  }
  s.variable("run_verdict", {"run"}, verdicts, "verdict on a run: the worst of its comparisons", Storage::plain,
             verdict_flags({{"stationarity", stationarity}}));
  s.variable("judged_relaxation_time", {"run"},
             gather<double>(results, [](const RunResults& run) { return run.judged_relaxation_time; }),
             "relaxation time that the verdict rests on");
}

void write_comparisons(RunGroup& s, const Results& results) {
  Names what;
  for (const RunResults& run : results.runs)
    for (const ComparisonResult& c : run.comparisons)
      if (std::ranges::find(what, c.what) == what.end()) what.push_back(c.what);
  if (what.empty()) return;

  std::vector<ComparisonResult> rows;  // [run][comparison]
  for (const RunResults& run : results.runs)
    for (const std::string& name : what) {
      const auto at = std::ranges::find(run.comparisons, name, &ComparisonResult::what);
      rows.push_back(at == run.comparisons.end() ? ComparisonResult{.what = name, .over = ""} : *at);
    }
  s.dimension("comparison", count_up(what.size()), "what was compared", {{"names", what}});
  s.coordinate("comparison_name", {"comparison"}, what, "what was compared");
  for (const auto& field : layout::comparisons) {
    std::vector<double> values;
    for (const ComparisonResult& row : rows) values.push_back(row.*field.place);
    s.variable(field.name, {"run", "comparison"}, values, field.long_name);
  }
  std::vector<std::int8_t> verdicts;
  Names over, reasons, warnings;
  for (const ComparisonResult& row : rows) {
    verdicts.push_back(std::int8_t(row.verdict));
    over.push_back(row.over);
    reasons.push_back(row.reason);
    std::string lines;
    for (const std::string& warning : row.warnings) lines += (lines.empty() ? "" : "\n") + warning;
    warnings.push_back(lines);
  }
  s.variable("comparison_verdict", {"run", "comparison"}, verdicts, "verdict of a comparison", Storage::plain,
             verdict_flags({{"over", over}, {"reasons", reasons}, {"warnings", warnings}}));
}

void write_densities(RunGroup& s, const Results& results) {
  const std::size_t densities = results.grids.size();
  if (densities == 0) return;
  s.dimension("density", count_up(densities), "density_K");
  Names over;
  for (const auto& grid : results.grids) {
    over.emplace_back();
    for (int axis : grid.axes) over.back() += (over.back().empty() ? "theta_" : ", theta_") + std::to_string(axis);
  }
  s.coordinate("density_name", {"density"}, over, "what it is a density of");
  const auto of_densities = [&](auto value) {
    return gather<double>(results, [&](const RunResults& run) {
      std::vector<double> row(densities, not_known);
      for (std::size_t k = 0; k < run.densities.size(); ++k) row[k] = value(run.densities[k]);
      return row;
    });
  };
  for (const auto& field : layout::verdicts)
    s.variable(field.name, {"run", "density"}, of_densities([&](const DensityResult& d) { return d.*field.place; }),
               field.long_name);
  std::set<std::string> more;
  for (const auto& run : results.runs)
    for (const auto& d : run.densities)
      for (const auto& [name, value] : d.more) more.insert(name);
  for (const auto& name : more) {
    s.variable(layout::plain_name(name), {"run", "density"}, of_densities([&](const DensityResult& d) {
                 const auto at = d.more.find(name);
                 return at == d.more.end() ? not_known : at->second;
               }),
               layout::meaning_of(name));
  }
  if (!more.empty()) s.attribute("", "more", Names(more.begin(), more.end()));

  std::vector<std::int8_t> verdicts;
  Names reasons;
  for (const auto& run : results.runs)
    for (std::size_t k = 0; k < densities; ++k) {
      const DensityResult none, &d = k < run.densities.size() ? run.densities[k] : none;
      verdicts.push_back(std::int8_t(d.verdict));
      reasons.push_back(d.reason);
    }
  s.variable("verdict", {"run", "density"}, verdicts, "verdict", Storage::plain, verdict_flags({{"reasons", reasons}}));
}

Decision verdict_of(std::int8_t code) {
  if (code < 0 || code > std::int8_t(Decision::not_stationary))
    throw std::runtime_error(std::string(group) + " has an unknown verdict");
  return Decision(code);
}

/// A text for each of so many.
Names words(const Hdf5Reader& file, const std::string& object, const std::string& attribute, std::size_t count) {
  const Names all = file.texts(object, attribute);
  if (all.size() != count) throw std::runtime_error(object + " lacks " + attribute);
  return all;
}

void read_runs(const Hdf5Reader& file, Results& results) {
  const std::string overall = in_group("run_verdict");
  const Names stationarity = words(file, overall, "stationarity", results.runs.size());
  std::size_t next = 0;
  scatter<std::int8_t>(file, overall, {}, results, [&](RunResults& run, auto code) {
    run.verdict = verdict_of(code[0]);
    run.stationarity = stationarity[next++];
  });
  scatter<double>(file, in_group("judged_relaxation_time"), {}, results,
                  [](RunResults& run, auto value) { run.judged_relaxation_time = value[0]; });
}

void read_comparisons(const Hdf5Reader& file, Results& results) {
  const std::string judged = in_group("comparison_verdict");
  if (!file.has(judged)) return;
  const Sizes sizes = file.sizes(in_group("comparison"));
  if (sizes.size() != 1) throw std::runtime_error(in_group("comparison") + " is no dimension");
  const std::size_t runs = results.runs.size(), count = sizes[0];
  const Names what = words(file, in_group("comparison"), "names", count),
              over = words(file, judged, "over", runs * count), reasons = words(file, judged, "reasons", runs * count),
              warnings = words(file, judged, "warnings", runs * count);
  std::size_t next = 0;
  scatter<std::int8_t>(file, judged, {count}, results, [&](RunResults& run, auto codes) {
    for (std::size_t i = 0; i < codes.size(); ++i, ++next) {
      run.comparisons.push_back(
          {.what = what[i], .over = over[next], .verdict = verdict_of(codes[i]), .reason = reasons[next]});
      std::istringstream lines(warnings[next]);
      for (std::string line; std::getline(lines, line);) run.comparisons.back().warnings.push_back(line);
    }
  });
  for (const auto& field : layout::comparisons)
    scatter<double>(file, in_group(field.name), {count}, results, [&](RunResults& run, auto values) {
      for (std::size_t i = 0; i < values.size(); ++i) run.comparisons[i].*field.place = values[i];
    });
}

void read_density_verdicts(const Hdf5Reader& file, Results& results) {
  const std::string verdict = in_group("verdict");
  if (!file.has(verdict)) return;
  const Sizes densities{results.grids.size()};
  for (const auto& field : layout::verdicts)
    scatter<double>(file, in_group(field.name), densities, results, [&](RunResults& run, auto values) {
      for (std::size_t k = 0; k < values.size(); ++k) run.densities[k].*field.place = values[k];
    });
  for (const auto& name : file.texts(group, "more"))
    scatter<double>(file, in_group(layout::plain_name(name)), densities, results, [&](RunResults& run, auto values) {
      for (std::size_t k = 0; k < values.size(); ++k)
        if (!std::isnan(values[k])) run.densities[k].more[name] = values[k];
    });
  const Names reasons = words(file, verdict, "reasons", results.runs.size() * results.grids.size());
  std::size_t next = 0;
  scatter<std::int8_t>(file, verdict, densities, results, [&](RunResults& run, auto codes) {
    for (std::size_t k = 0; k < codes.size(); ++k) {
      run.densities[k].verdict = verdict_of(codes[k]);
      run.densities[k].reason = reasons[next++];
    }
  });
}

void write_verdict(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  RunGroup s(file, results, coordinates, group, "what was sampled, held against the prediction");
  write_runs(s, results);
  write_comparisons(s, results);
  write_densities(s, results);
}

void read_verdict(const Hdf5Reader& file, Results& results) {
  read_runs(file, results);
  read_comparisons(file, results);
  read_density_verdicts(file, results);
}

}  // namespace

GroupKind verdict_group() { return {.write = write_verdict, .read = read_verdict}; }

}  // namespace kramers::analysis
