#include "analysis/study/convergence.hpp"

#include <fmt/format.h>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "apps/commands/flags.hpp"
#include "apps/text/answer.hpp"
#include "apps/text/json.hpp"
#include "apps/text/page.hpp"
#include "apps/text/summary.hpp"

namespace kramers {
namespace {

struct ConvergenceOptions {
  std::string experiment;
  std::vector<std::string> set;
  int levels = 5;            // steps: h, h/2, ..., h / 2^(levels - 1)
  std::uint64_t steps = 64;  // of h, until errors are taken
  std::uint64_t paths = 16384;
  bool json = false;
};

using analysis::Convergence, analysis::uncertain;

std::string table(const Convergence& convergence) {
  using apps::Column;
  std::vector<Column> levels{{"h", {}, Column::Kind::key}, {"strong error", {}}};
  for (const char* name : analysis::convergence_observables)
    levels.insert(levels.end(), {{fmt::format("E[{}]", name), {}}, {"error", {}}});
  for (const analysis::ConvergenceLevel& level : convergence.levels) {
    levels[0].cells.push_back(fmt::format("{:.6g}", level.time_step));
    levels[1].cells.push_back(uncertain(level.strong));
    for (std::size_t k = 0; k < level.value.size(); ++k) {
      levels[2 + 2 * k].cells.push_back(uncertain(level.value[k]));
      levels[3 + 2 * k].cells.push_back(uncertain(level.weak[k]));
    }
  }
  std::vector<Column> orders{{"order", {}, Column::Kind::name},
                             {"stated", {}},
                             {"measured", {}},
                             {"from the smallest steps", {}, Column::Kind::words}};
  for (const analysis::MeasuredOrder& order : convergence.orders) {
    orders[0].cells.push_back(order.name);
    orders[1].cells.push_back(fmt::format("{}", order.stated));
    orders[2].cells.push_back(order.fitted ? uncertain(*order.fitted) : "-");
    orders[3].cells.push_back(order.last ? uncertain(*order.last) : "differences are within their errors");
  }
  return fmt::format("{}\n{}\n  {}\n", apps::text_table(levels), apps::text_table(orders),
                     to_string(convergence.decision));
}

Json as_json(const Convergence& convergence) {
  Json levels = Json::array(), orders = Json::array();
  for (const analysis::ConvergenceLevel& level : convergence.levels) {
    Json observables = Json::object();
    for (std::size_t k = 0; k < level.value.size(); ++k) {
      Json& observable = observables[analysis::convergence_observables[k]];
      add_estimate(observable, "value", level.value[k]);
      add_estimate(observable, "weak_error", level.weak[k]);
    }
    Json of_level{{"time_step", level.time_step}};
    add_estimate(of_level, "strong_error", level.strong);
    of_level["observables"] = observables;
    levels.push_back(of_level);
  }
  for (const analysis::MeasuredOrder& order : convergence.orders) {
    Json json = {{"name", order.name}, {"stated", order.stated}};
    add_estimate(json, "measured", order.fitted);
    add_estimate(json, "last", order.last);
    orders.push_back(json);
  }
  return {
      {"time", convergence.time}, {"levels", levels}, {"orders", orders}, {"verdict", to_string(convergence.decision)}};
}

int convergence(const ConvergenceOptions& options) {
  std::vector<std::string> overrides = options.set;
  overrides.push_back("compare.prediction=none");  // which takes its time
  const auto runs = analysis::prepare(analysis::read_experiment_file(options.experiment, overrides));
  const analysis::ConvergenceSettings settings{
      .levels = options.levels, .steps = options.steps, .paths = options.paths};
  std::vector<analysis::Decision> decisions;
  Json json_runs = Json::array();
  for (const analysis::StudiedRun& studied : runs) {
    const analysis::Experiment& experiment = studied.run.experiment;
    const Convergence measured = analysis::measure_convergence(studied, settings);
    decisions.push_back(measured.decision);
    if (options.json) {
      json_runs.push_back({{"run", json_runs.size()}});
      json_runs.back().update(as_json(measured));
      continue;
    }
    fmt::print(
        "{}\n\n{}\n",
        apps::wrapped(fmt::format("{} on {}, {} paths to t = {:.6g}: {}", experiment.dynamics.scheme,
                                  experiment.landscape.name, options.paths, measured.time, apps::label(studied))),
        table(measured));
  }
  const analysis::Decision decision = analysis::worst(decisions);
  if (options.json) fmt::print("{}\n", Json{{"runs", json_runs}, {"verdict", to_string(decision)}}.dump());
  return apps::status_of(decision);
}

}  // namespace

Command convergence_command() {
  return command_of<ConvergenceOptions>(
      "convergence", "strong and weak order of an experiment's scheme, measured",
      "  kramers convergence wide_minimum.toml --set dynamics.scheme=sra1", convergence,
      [](Flags& flags, ConvergenceOptions& o) {
        flags.experiment(o.experiment);
        flags.set(o.set);
        flags.add({.name = "--levels",
                   .value = &o.levels,
                   .what = "how many steps: h, h/2, h/4, ... (default 5)",
                   .whole_range = {{2, 12}}});
        flags.add({.name = "--steps",
                   .value = &o.steps,
                   .what = "the time at which errors are taken, in steps h (default 64)",
                   .range = {{1, 1e9}}});
        flags.add(
            {.name = "--paths", .value = &o.paths, .what = "Brownian paths (default 16384)", .range = {{256, 1e10}}});
        flags.json(o.json);
      });
}

}  // namespace kramers
