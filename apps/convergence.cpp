#include "analysis/convergence.hpp"

#include <fmt/format.h>

#include "analysis/experiment/experiment_reader.hpp"
#include "apps/answer.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "apps/uncertain.hpp"

namespace kramers {
namespace {

using analysis::Convergence, analysis::Estimate;

std::string uncertain(const Estimate& e) { return apps::uncertain(e.value, e.error); }

std::string table(const Convergence& convergence) {
  std::string text = fmt::format("  {:>12}  {:>16}", "h", "strong error");
  for (const char* name : analysis::convergence_observables)
    text += fmt::format("  {:>16}  {:>16}", fmt::format("E[{}]", name), "error");
  text += "\n";
  for (const analysis::ConvergenceLevel& level : convergence.levels) {
    text += fmt::format("  {:12.6g}  {:>16}", level.time_step, uncertain(level.strong));
    for (std::size_t k = 0; k < level.value.size(); ++k)
      text += fmt::format("  {:>16}  {:>16}", uncertain(level.value[k]), uncertain(level.weak[k]));
    text += "\n";
  }
  text += fmt::format("\n  {:<16}  {:>6}  {:>12}  {}\n", "order", "stated", "measured", "from the smallest steps");
  for (const analysis::MeasuredOrder& order : convergence.orders)
    text += fmt::format("  {:<16}  {:>6}  {:>12}  {}\n", order.name, order.stated,
                        order.fitted ? uncertain(*order.fitted) : "-",
                        order.last ? uncertain(*order.last) : "differences are within their errors");
  return text + fmt::format("\n  {}\n", to_string(convergence.decision));
}

Json as_json(const Convergence& convergence) {
  Json levels = Json::array(), orders = Json::array();
  for (const analysis::ConvergenceLevel& level : convergence.levels) {
    Json observables = Json::object();
    for (std::size_t k = 0; k < level.value.size(); ++k)
      observables[analysis::convergence_observables[k]] = {{"value", level.value[k].value},
                                                           {"value_error", level.value[k].error},
                                                           {"weak_error", level.weak[k].value},
                                                           {"weak_error_error", level.weak[k].error}};
    levels.push_back({{"time_step", level.time_step},
                      {"strong_error", level.strong.value},
                      {"strong_error_error", level.strong.error},
                      {"observables", observables}});
  }
  for (const analysis::MeasuredOrder& order : convergence.orders) {
    Json json = {{"name", order.name}, {"stated", order.stated}};
    for (const auto& [key, estimate] : {std::pair{"measured", &order.fitted}, std::pair{"last", &order.last}}) {
      json[key] = *estimate ? Json((*estimate)->value) : Json();
      json[fmt::format("{}_error", key)] = *estimate ? Json((*estimate)->error) : Json();
    }
    orders.push_back(json);
  }
  return {
      {"time", convergence.time}, {"levels", levels}, {"orders", orders}, {"verdict", to_string(convergence.decision)}};
}

}  // namespace

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
    fmt::print("{} on {}, {} paths to t = {:.6g}", experiment.dynamics.scheme, experiment.landscape.name, options.paths,
               measured.time);
    for (const auto& [key, value] : studied.run.swept) fmt::print(", {} = {}", key, value);
    fmt::print("\n\n{}\n", table(measured));
  }
  const analysis::Decision decision = analysis::worst(decisions);
  if (options.json) fmt::print("{}\n", Json{{"runs", json_runs}, {"verdict", to_string(decision)}}.dump());
  return apps::status_of(decision);
}

}  // namespace kramers
