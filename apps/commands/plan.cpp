#include <fmt/format.h>

#include <cmath>

#include "analysis/prediction/list.hpp"
#include "analysis/statistics/uncertain.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/cost.hpp"
#include "analysis/study/forecast.hpp"
#include "analysis/study/processors.hpp"
#include "apps/commands/flags.hpp"
#include "apps/process/memory.hpp"
#include "apps/process/progress.hpp"
#include "apps/process/slow_task.hpp"
#include "apps/text/answer.hpp"
#include "apps/text/json.hpp"
#include "apps/text/length.hpp"
#include "apps/text/page.hpp"
#include "apps/text/summary.hpp"

namespace kramers {
namespace {

struct PlanOptions {
  std::string experiment;
  std::vector<std::string> set;
  int threads = 0;  // 0: all cores
  bool json = false;
};

using analysis::Forecast;
using analysis::StudiedRun;

std::string size_text(double bytes) {
  return bytes < 1e6   ? fmt::format("{:.1f} kB", bytes / 1e3)
         : bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                       : fmt::format("{:.2f} GB", bytes / 1e9);
}

/// What is asked of the machine, by all runs together.
struct Demand {
  int threads;
  analysis::Cost cost;
  double seconds = 0, memory, memory_here;
  analysis::FileSizes files;
};
Demand demand_of(const analysis::ExperimentFile& file, const std::vector<StudiedRun>& runs, bool undecided,
                 const PlanOptions& options) {
  Demand demand{.threads = sde::thread_count(options.threads)};
  demand.memory = apps::memory_of_this_process() + analysis::bytes_needed(runs, {.threads = demand.threads});
  demand.memory_here = apps::memory_here();
  apps::check_memory(runs, analysis::trial_engine(runs.front(), demand.threads));
  const analysis::Costs costs = analysis::measure_costs(runs, demand.threads);
  demand.cost = costs.at(1);
  for (const StudiedRun& studied : runs) {
    demand.seconds += analysis::seconds_needed(studied, costs);
    if (undecided && !studied.companion) demand.seconds += analysis::seconds_needed(analysis::pilot_of(studied), costs);
  }
  demand.files = analysis::file_sizes(file, runs, costs, apps::provenance(apps::utc_now(), {}));
  return demand;
}

std::string decision_text(const StudiedRun& studied, const std::optional<double>& trajectories) {
  const double here = double(studied.run.experiment.ensemble.trajectories);
  if (*trajectories <= here) return fmt::format("{:.0f} trajectories; {:.0f} are asked for", *trajectories, here);
  return fmt::format("{:.0f} trajectories, or {:.2g} times the steps; {:.0f} are asked for: too few", *trajectories,
                     *trajectories / here, here);
}

/// How long a run has to be before it is judged at all.
std::string window_text(const StudiedRun& studied) {
  const double tolerance = studied.run.experiment.compare.tolerance;
  const double burn_in = analysis::enough_burn_in(analysis::window_of(studied), tolerance);
  const std::string known =
      fmt::format("{:.2g} relaxation times of burn-in, or {:g} sampled", burn_in, analysis::enough_sampled);
  return studied.theory.relaxation->is_exact()
             ? known
             : fmt::format("{:g} relaxation times sampled, to measure it; where starts in two basins tell it, {}",
                           analysis::enough_to_measure, known);
}

std::string forecast_text(const StudiedRun& studied, const Forecast& f) {
  std::string text;
  const auto line = [&](const std::string& name, const std::string& words) {
    text += fmt::format("  {:<22}{}\n", name, words);
  };
  if (!f.why_not.empty()) {
    line("expected errors", "not known: " + f.why_not);
    return text;
  }
  if (f.estimate) line("", "estimates, for the relaxation time is no exact one");
  if (!f.basin_errors.empty() && studied.theory.prediction && studied.theory.prediction->basins) {
    std::string weights;
    for (std::size_t i = 0; i < f.basin_errors.size(); ++i)
      weights += (i > 0 ? ", " : "") + analysis::uncertain((*studied.theory.prediction->basins)[i], f.basin_errors[i]);
    line("basins", weights + " (predicted, expected standard error)");
  }
  if (f.temperature_error)
    line("measured temperature",
         analysis::uncertain(studied.theory.derived.effective_temperature, *f.temperature_error) +
             (f.temperature_trajectories > 0
                  ? fmt::format("; a verdict on it takes {:.0f} trajectories", f.temperature_trajectories)
                  : ""));
  for (const Forecast::Density& density : f.densities) {
    const std::string which = f.densities.size() > 1 ? fmt::format(" {}", density.index) : "";
    line("density" + which,
         fmt::format("total variation: noise floor {:.4f}, standard error {:.4f}", density.noise_floor, density.error));
    if (!density.trajectories) line("  to decide", "no number of trajectories: " + density.why_none);
  }
  line("for a verdict", window_text(studied));
  if (const auto trajectories = f.trajectories()) line("to decide", decision_text(studied, trajectories));
  return text;
}

/// What `ensemble.until` asks for and, null where theory does not know it, what its pilot is expected to find.
Json until_json(const StudiedRun& studied) {
  const auto& until = studied.run.experiment.ensemble.until;
  if (!until) return {};
  Json json{{"total_variation_error", until->total_variation_error}, {"most_steps", until->most_steps}};
  for (const char* key : {"steps", "pilot_trajectories", "pilot_steps", "pilot_error"}) json[key] = {};
  if (const auto& here = until->here)
    json.update({{"steps", here->steps},
                 {"pilot_trajectories", here->pilot_trajectories},
                 {"pilot_steps", here->pilot_steps},
                 {"pilot_error", here->pilot_error}});
  return json;
}

Json finite_or_null(double x) { return number_or_null(std::isfinite(x) ? std::optional(x) : std::nullopt); }

Json as_json(const analysis::Theory& theory) {
  using Kind = analysis::Relaxation::Kind;
  if (!theory.relaxation) return {{"why_not", theory.why_no_relaxation}};
  const analysis::Relaxation& r = *theory.relaxation;
  return {{"time", finite_or_null(r.time)},
          {"infinite", std::isinf(r.time)},
          {"kind", r.kind == Kind::exact      ? "exact"
                   : r.kind == Kind::at_least ? "at least"
                                              : "estimate"},
          {"by", r.by},
          {"floor", number_or_null(theory.relaxation_floor)}};
}

Json as_json(const StudiedRun& studied, const Forecast& f) {
  const analysis::Theory& theory = studied.theory;
  const analysis::Derived& d = theory.derived;
  Json basins = Json::array(), densities = Json::array();
  for (std::size_t i = 0; i < f.basin_errors.size(); ++i) {
    Json basin;
    for (const analysis::Law& law : analysis::laws())
      if (const auto weights = theory.basins_by(law.name); law.is_whole)
        basin[analysis::key_of(law)] = weights ? Json((*weights)[i]) : Json();
    basin["error"] = f.basin_errors[i];
    basins.push_back(basin);
  }
  for (const Forecast::Density& density : f.densities)
    densities.push_back({{"density", density.index},
                         {"noise_floor", density.noise_floor},
                         {"error", density.error},
                         {"bias_of_step", number_or_null(density.bias)},
                         {"trajectories", number_or_null(density.trajectories)},
                         {"why_none", density.why_none}});
  const auto trajectories = f.trajectories();
  return {
      {"run", studied.index},
      {"temperature", d.temperature},
      {"effective_temperature", d.effective_temperature},
      {"time_step", d.time_step},
      {"lambda_max", number_or_null(d.lambda_max)},
      {"unstable_from", number_or_null(std::isfinite(d.unstable_from) ? std::optional(d.unstable_from) : std::nullopt)},
      {"stable", !d.is_unstable()},
      {"relaxation_time", theory.relaxation ? finite_or_null(theory.relaxation->time) : Json()},
      {"relaxation", as_json(theory)},
      {"burn_in_relaxations", theory.relaxation ? finite_or_null(d.burn_in_time / theory.relaxation->time) : Json()},
      {"estimate", f.estimate},
      {"why_not", f.why_not},
      {"basins", basins},
      {"temperature_error", number_or_null(f.temperature_error)},
      {"densities", densities},
      {"trajectories", number_or_null(trajectories)},
      {"trajectories_asked_for", studied.run.experiment.ensemble.trajectories},
      {"steps", studied.run.experiment.ensemble.steps},
      {"until", until_json(studied)},
      {"enough", trajectories && *trajectories <= double(studied.run.experiment.ensemble.trajectories)},
      {"warnings", apps::warnings(studied)}};
}

std::string demand_text(const Demand& demand) {
  std::string text;
  const auto line = [&](const char* name, const std::string& words) { text += fmt::format("{:<24}{}\n", name, words); };
  line("time",
       fmt::format("about {} on {} thread{} (a trial made {:.3g} trajectory-steps a second in the burn-in, {:.3g} "
                   "with samples)",
                   apps::duration_text(demand.seconds), demand.threads, demand.threads == 1 ? "" : "s",
                   demand.cost.burn_in_rate, demand.cost.sampled_rate));
  line("memory", fmt::format("{}; this machine has {}{}", size_text(demand.memory), size_text(demand.memory_here),
                             demand.memory > demand.memory_here ? ": too little" : ""));
  line("results file", size_text(demand.files.results));
  line("checkpoint", size_text(demand.files.checkpoint));
  return text;
}

int plan(const PlanOptions& options) {
  // 1. What is wrong with it, and what theory knows.
  analysis::ExperimentFile file = analysis::read_experiment_file(options.experiment, options.set);
  std::vector<StudiedRun> runs = apps::prepare(file);
  const bool undecided = analysis::is_undecided(file);
  if (undecided)
    if (const auto lengths = apps::expected_lengths(runs)) {
      file = analysis::with_lengths(file, options.set, *lengths);
      runs = apps::prepare(file);
    }
  const int comparisons = analysis::comparisons_of(runs);

  // 2. What it costs.
  const Demand demand = demand_of(file, analysis::with_companions(runs), undecided, options);

  // 3. What it will tell.
  Json list = Json::array();
  if (!options.json) fmt::print("{}\n", apps::wrapped(file.runs.front().experiment.title));
  for (const StudiedRun& studied : runs) {
    const Forecast f = analysis::forecast(studied, comparisons);
    list.push_back(as_json(studied, f));
    if (!options.json)
      fmt::print("{}", apps::wrapped(fmt::format(
                           "\nrun {} of {}: {}\n{}{}", studied.index + 1, runs.size(), apps::label(studied),
                           apps::expected_length_line(studied) + apps::prologue(studied), forecast_text(studied, f))));
  }
  if (options.json)
    fmt::print("{}\n", Json{{"runs", list},
                            {"threads", demand.threads},
                            {"seconds", demand.seconds},
                            {"burn_in_rate", demand.cost.burn_in_rate},
                            {"sampled_rate", demand.cost.sampled_rate},
                            {"memory", demand.memory},
                            {"memory_here", demand.memory_here},
                            {"results_file", demand.files.results},
                            {"checkpoint", demand.files.checkpoint}}
                           .dump());
  else
    fmt::print("\n{}", apps::wrapped(demand_text(demand)));
  return status::done;
}

}  // namespace

Command plan_command() {
  return command_of<PlanOptions>("plan", "time, memory, sizes, errors and what decides, before anything runs",
                                 "  kramers plan wide_minimum.toml --set ensemble.trajectories=1024", plan,
                                 [](Flags& flags, PlanOptions& o) {
                                   flags.experiment(o.experiment);
                                   flags.set(o.set);
                                   flags.threads(o.threads);
                                   flags.json(o.json);
                                 });
}

}  // namespace kramers
