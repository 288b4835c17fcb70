#include <fmt/format.h>

#include <stdexcept>

#include "analysis/study.hpp"
#include "apps/answer.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "apps/summary.hpp"

namespace kramers {
namespace {

std::vector<std::string> overrides(const CompareOptions& options) {
  std::vector<std::string> all;
  if (options.prediction) all.push_back("compare.prediction=" + *options.prediction);
  if (options.tolerance) all.push_back(fmt::format("compare.tolerance={}", *options.tolerance));
  if (options.alpha) all.push_back(fmt::format("compare.alpha={}", *options.alpha));
  return all;
}

int against_prediction(const CompareOptions& options) {
  analysis::Reread r = analysis::reread(analysis::read(options.files[0]), overrides(options));
  const analysis::Decision decision = analysis::judge(r.runs);
  if (options.json)
    fmt::print("{}\n", apps::summary_json(r.runs, decision));
  else
    fmt::print("{}", apps::table(r.runs));
  return apps::status_of(decision);
}

analysis::SamplingFacts facts(const analysis::StudiedRun& r) {
  return analysis::sampling_facts(r.run.experiment, *r.landscape, r.theory, r.statistics);
}

int against_each_other(const CompareOptions& options) {
  const analysis::Results results_a = analysis::read(options.files[0]), results_b = analysis::read(options.files[1]);
  if (results_a.grids != results_b.grids)
    throw std::invalid_argument(options.files[0] + " and " + options.files[1] +
                                " have different density grids; two files can be compared if theirs are equal");
  if (results_a.runs.size() != results_b.runs.size())
    throw std::invalid_argument(fmt::format("{} has {} runs and {} has {}; they must have as many", options.files[0],
                                            results_a.runs.size(), options.files[1], results_b.runs.size()));
  const analysis::Reread a = analysis::reread(results_a, overrides(options)),
                         b = analysis::reread(results_b, overrides(options));
  std::vector<analysis::Decision> decisions;
  std::string text;
  Json json_runs = Json::array();
  for (std::size_t i = 0; i < a.runs.size(); ++i) {
    analysis::JudgeSettings settings;
    settings.tolerance = a.runs[i].run.experiment.compare.tolerance;
    settings.alpha = a.runs[i].run.experiment.compare.alpha;
    settings.comparisons = int(a.runs.size() * results_a.grids.size());
    settings.sampling = facts(a.runs[i]);
    settings.other = facts(b.runs[i]);
    Json densities = Json::array();
    for (std::size_t k = 0; k < results_a.grids.size(); ++k) {
      const sde::RunStatistics &sa = a.runs[i].statistics, &sb = b.runs[i].statistics;
      const analysis::Verdict v =
          analysis::compare(sa.densities[k], sa.expected, sb.densities[k], sb.expected, settings);
      decisions.push_back(v.decision);
      text +=
          fmt::format("{}, density {}: TV {:.4f} [{:.4f}, {:.4f}], tolerance {:.4g}: {}: {}\n", apps::label(a.runs[i]),
                      k, v.total_variation, v.lower, v.upper, v.tolerance, to_string(v.decision), v.reason);
      for (const std::string& warning : v.warnings) text += "  warning: " + warning + "\n";
      densities.push_back({{"total_variation", v.total_variation},
                           {"lower", v.lower},
                           {"upper", v.upper},
                           {"tolerance", v.tolerance},
                           {"verdict", to_string(v.decision)},
                           {"reason", v.reason}});
    }
    json_runs.push_back({{"run", i}, {"densities", densities}});
  }
  if (decisions.empty()) throw std::invalid_argument("the files hold no density to compare");
  const analysis::Decision decision = analysis::worst(decisions);
  if (options.json)
    fmt::print("{}\n", Json{{"runs", json_runs}, {"verdict", to_string(decision)}}.dump());
  else
    fmt::print("{}", text);
  return apps::status_of(decision);
}

}  // namespace

int compare(const CompareOptions& options) {
  return options.files.size() == 1 ? against_prediction(options) : against_each_other(options);
}

}  // namespace kramers
