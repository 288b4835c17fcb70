#include <fmt/format.h>

#include <stdexcept>

#include "analysis/prediction/list.hpp"
#include "analysis/study/results_of.hpp"
#include "analysis/study/study.hpp"
#include "apps/commands/flags.hpp"
#include "apps/commands/read_results.hpp"
#include "apps/text/answer.hpp"
#include "apps/text/json.hpp"
#include "apps/text/summary.hpp"

namespace kramers {
namespace {

struct CompareOptions {
  std::vector<std::string> files;         // one: against its prediction; two: against each other
  std::optional<std::string> prediction;  // default: what the experiment says
  std::optional<double> tolerance, alpha;
  std::vector<std::size_t> runs;  // of one file, two against each other
  bool json = false;
};

std::vector<std::string> overrides(const CompareOptions& options) {
  std::vector<std::string> all;
  if (options.prediction) all.push_back("compare.prediction=" + *options.prediction);
  if (options.tolerance) all.push_back(fmt::format("compare.tolerance={}", *options.tolerance));
  if (options.alpha) all.push_back(fmt::format("compare.alpha={}", *options.alpha));
  return all;
}

int against_prediction(const CompareOptions& options) {
  analysis::Reread r = analysis::reread(apps::read_results(options.files[0]), overrides(options));
  const analysis::Decision decision = analysis::judge(r.runs);
  if (options.json)
    fmt::print("{}\n", apps::summary_json(r.runs, decision, options.files[0]));
  else
    fmt::print("{}", apps::table(r.runs));
  return apps::status_of(decision);
}

/// Two runs, side by side.
struct Pair {
  const analysis::StudiedRun &a, &b;
  std::string name_a, name_b;
};

analysis::Verdict judged(const Pair& pair, std::size_t k, int comparisons) {
  const auto side = [&](const analysis::StudiedRun& r) -> analysis::Side {
    return {r.statistics.densities[k], r.statistics.expected, r.statistics.samples, *r.assessment.stationarity};
  };
  analysis::JudgeSettings settings;
  settings.tolerance = pair.a.run.experiment.compare.tolerance;
  settings.alpha = pair.a.run.experiment.compare.alpha;
  settings.comparisons = comparisons;
  settings.looks = int(std::max(pair.a.statistics.looks, pair.b.statistics.looks));
  settings.trajectories = std::min(pair.a.statistics.trajectories, pair.b.statistics.trajectories);
  settings.diverged = pair.a.statistics.diverged + pair.b.statistics.diverged;
  return analysis::compare(side(pair.a), side(pair.b), settings);
}

/// Both were moved by the same normals: what they differ by then has less noise than two samples have.
bool same_noise(const Pair& pair) {
  return pair.a.run.experiment.seed == pair.b.run.experiment.seed && pair.a.index == pair.b.index &&
         pair.a.run.experiment.ensemble.precision == pair.b.run.experiment.ensemble.precision;
}

int against_each_other(const std::vector<Pair>& pairs, const std::vector<sde::DensityGrid>& grids, bool json) {
  if (grids.empty()) throw std::invalid_argument("the files hold no density to compare");
  std::vector<analysis::Decision> decisions;
  std::string text;
  Json json_runs = Json::array();
  for (const Pair& pair : pairs) {
    for (const analysis::StudiedRun* r : {&pair.a, &pair.b})
      if (!r->assessment.stationarity)
        throw std::invalid_argument(apps::label(*r) +
                                    ": a run under a schedule has no stationary law to be compared; allowed: runs "
                                    "without one");
    text += fmt::format("a: {}\nb: {}\n", pair.name_a, pair.name_b);
    if (same_noise(pair)) text += "both were moved by the same noise: the error is rather too large than too small\n";
    Json densities = Json::array();
    for (std::size_t k = 0; k < grids.size(); ++k) {
      const analysis::Verdict v = judged(pair, k, int(pairs.size() * grids.size()));
      decisions.push_back(v.decision);
      std::string axes;
      for (int axis : grids[k].axes) axes += fmt::format("{}theta_{}", axes.empty() ? "" : ", ", axis);
      text += fmt::format("  {} ({}): {}\n", to_string(v.decision), axes, v.reason);
      for (const std::string& warning : v.warnings) text += "  warning: " + warning + "\n";
      densities.push_back({{"axes", grids[k].axes},
                           {"total_variation", v.difference},
                           {"error", v.error},
                           {"lower", v.lower},
                           {"upper", v.upper},
                           {"tolerance", v.tolerance},
                           {"verdict", to_string(v.decision)},
                           {"reason", v.reason}});
    }
    json_runs.push_back(
        {{"a", pair.name_a}, {"b", pair.name_b}, {"same_noise", same_noise(pair)}, {"densities", densities}});
  }
  const analysis::Decision decision = analysis::worst(decisions);
  if (json)
    fmt::print("{}\n", Json{{"runs", json_runs}, {"verdict", to_string(decision)}}.dump());
  else
    fmt::print("{}", text);
  return apps::status_of(decision);
}

std::string name_of(const std::string& file, const analysis::StudiedRun& run, std::size_t runs) {
  return fmt::format("{}{}: {}", file, runs > 1 ? fmt::format(", run {}", run.index) : "", apps::label(run));
}

int files_against_each_other(const CompareOptions& options) {
  const analysis::Results results_a = apps::read_results(options.files[0]),
                          results_b = apps::read_results(options.files[1]);
  if (results_a.grids != results_b.grids)
    throw std::invalid_argument(options.files[0] + " and " + options.files[1] +
                                " have different density grids; two files can be compared if theirs are equal: where "
                                "both give record.density with the same bins and range");
  if (results_a.runs.size() != results_b.runs.size())
    throw std::invalid_argument(fmt::format("{} has {} runs and {} has {}; they must have as many", options.files[0],
                                            results_a.runs.size(), options.files[1], results_b.runs.size()));
  analysis::Reread a = analysis::reread(results_a, overrides(options)),
                   b = analysis::reread(results_b, overrides(options));
  analysis::judge(a.runs);
  analysis::judge(b.runs);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < a.runs.size(); ++i)
    pairs.push_back({a.runs[i], b.runs[i], name_of(options.files[0], a.runs[i], a.runs.size()),
                     name_of(options.files[1], b.runs[i], b.runs.size())});
  return against_each_other(pairs, results_a.grids, options.json);
}

int runs_against_each_other(const CompareOptions& options) {
  const std::string& file = options.files[0];
  const analysis::Results results = apps::read_results(file);
  analysis::Reread r = analysis::reread(results, overrides(options));
  if (options.runs.size() != 2)
    throw std::invalid_argument(fmt::format("--run names {} run{}; allowed: two of one file", options.runs.size(),
                                            options.runs.size() == 1 ? "" : "s"));
  for (std::size_t run : options.runs)
    if (run >= r.runs.size())
      throw std::invalid_argument(fmt::format("--run {}: {} has the runs 0 to {}", run, file, r.runs.size() - 1));
  analysis::judge(r.runs);
  const analysis::StudiedRun &a = r.runs[options.runs[0]], &b = r.runs[options.runs[1]];
  return against_each_other({{a, b, name_of(file, a, r.runs.size()), name_of(file, b, r.runs.size())}}, results.grids,
                            options.json);
}

int compare(const CompareOptions& options) {
  if (options.files.size() == 2) {
    if (!options.runs.empty()) throw std::invalid_argument("--run tells runs of one file apart; allowed: one file");
    return files_against_each_other(options);
  }
  return options.runs.empty() ? against_prediction(options) : runs_against_each_other(options);
}

}  // namespace

Command compare_command() {
  return command_of<CompareOptions>("compare", "sampled against predicted, or two samples against each other",
                                    "  kramers compare wide.h5 --tolerance 0.02\n  kramers compare a.h5 b.h5\n"
                                    "  kramers compare sweep.h5 --run 0 --run 1",
                                    compare, [](Flags& flags, CompareOptions& o) {
                                      flags.add({.name = "files",
                                                 .value = &o.files,
                                                 .what = "one results file, or two",
                                                 .required = true,
                                                 .type = "FILE.h5",
                                                 .most_words = 2});
                                      flags.add({.name = "--prediction",
                                                 .value = &o.prediction,
                                                 .what = "law to hold it against; default: the experiment's",
                                                 .one_of = analysis::prediction_names()});
                                      flags.add({.name = "--tolerance",
                                                 .value = &o.tolerance,
                                                 .what = "total variation that counts as agreement",
                                                 .range = {{0, 1}},
                                                 .ends_too = false});
                                      flags.add({.name = "--alpha",
                                                 .value = &o.alpha,
                                                 .what = "rate of false decisions",
                                                 .range = {{1e-12, 0.5}},
                                                 .ends_too = false});
                                      flags.add({.name = "--run",
                                                 .value = &o.runs,
                                                 .what = "of one file: two runs of its sweep against each other",
                                                 .type = "RUN"});
                                      flags.json(o.json);
                                    });
}

}  // namespace kramers
