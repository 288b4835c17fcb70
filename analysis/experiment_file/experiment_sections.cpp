#include "analysis/experiment_file/experiment_sections.hpp"

#include <fmt/format.h>

#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/experiment_file/dynamics_section.hpp"
#include "analysis/experiment_file/ensemble_section.hpp"
#include "analysis/experiment_file/parameters_section.hpp"
#include "analysis/experiment_file/record_section.hpp"
#include "analysis/experiment_file/step_bias_key.hpp"
#include "analysis/prediction/list.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers::analysis {

namespace {

void read_landscape(Section section, Draft& draft) {
  std::vector<std::string> names;
  for (const auto& entry : landscapes::catalogue()) names.push_back(entry.name);
  if (!section.has("name")) section.missing("key 'landscape.name' is missing; allowed: " + join(names));
  const auto name = section.name("name", names,
                                 {"rastrigin", "ackley", "rosenbrock", "himmelblau", "gaussian-mixture", "deep-linear",
                                  "entropic-bottleneck", "formula", "network"});
  if (!name) return;
  draft.experiment.landscape.name = *name;

  const auto& entry = landscapes::find(*name);
  std::shared_ptr<const landscapes::Landscape> landscape;
  const ReadParameters read = read_parameters(section, entry.parameters, fmt::format("landscape '{}'", *name),
                                              [&](const auto& given) { landscape = entry.make(given); });
  section.finish(home_of);
  draft.experiment.landscape.parameters = read.given;
  if (read.whole) draft.landscape = std::move(landscape);
}

void read_compare(Section section, Draft& draft) {
  auto& compare = draft.experiment.compare;
  const auto structure = draft.noise ? draft.noise->structure() : sde::NoiseStructure::isotropic;
  if (structure != sde::NoiseStructure::isotropic) compare.prediction = "none";
  if (auto name = section.name("prediction", prediction_names())) compare.prediction = *name;
  if (structure == sde::NoiseStructure::heavy_tailed && compare.prediction != "none")
    section.refuse("prediction", "\"none\" under stable noise, which has no temperature");
  if (const auto course = course_of(draft.experiment)) {
    const Range temperature = survey(draft.experiment, *course).temperature;
    if (!temperature.is_one() && section.has("prediction") && compare.prediction != "none")
      section.refuse("prediction",
                     fmt::format("\"none\" under a schedule: the temperature goes from {:.4g} to {:.4g}, and "
                                 "there is no stationary law",
                                 temperature.low, temperature.high));
    if (!temperature.is_one()) compare.prediction = "none";
  }
  if (auto tolerance = section.number("tolerance", between(0, 1, false))) compare.tolerance = *tolerance;
  if (auto alpha = section.number("alpha", between(1e-12, 0.5, false))) compare.alpha = *alpha;
  read_step_bias(section, draft);
  section.finish(home_of);
}

void read_checkpoint(Section section, Experiment& experiment) {
  auto& checkpoint = experiment.checkpoint;
  if (auto seconds = section.number("every_seconds", positive_number())) checkpoint.every_seconds = *seconds;
  if (auto keep = section.truth("keep")) checkpoint.keep = *keep;
  section.finish(home_of);
}

}  // namespace

std::string home_of(const std::string& key) {
  static const std::vector<std::string> keys = {"title",
                                                "seed",
                                                "landscape.name",
                                                "dynamics.kind",
                                                "dynamics.scheme",
                                                "dynamics.learning_rate",
                                                "dynamics.batch_size",
                                                "dynamics.noise",
                                                "dynamics.noise.sigma",
                                                "dynamics.calculus",
                                                "dynamics.temperature",
                                                "dynamics.time_step",
                                                "dynamics.friction",
                                                "dynamics.momentum",
                                                "dynamics.dataset_size",
                                                "ensemble.trajectories",
                                                "ensemble.burn_in",
                                                "ensemble.burn_in_time",
                                                "ensemble.burn_in_epochs",
                                                "ensemble.steps",
                                                "ensemble.time",
                                                "ensemble.epochs",
                                                "ensemble.until",
                                                "ensemble.until.total_variation_error",
                                                "ensemble.sample_every",
                                                "ensemble.sample_every_time",
                                                "ensemble.start",
                                                "ensemble.precision",
                                                "ensemble.guard_radius",
                                                "ensemble.device",
                                                "record.density",
                                                "record.paths",
                                                "record.phases",
                                                "record.events",
                                                "record.autocorrelation",
                                                "record.time_series",
                                                "record.split_r_hat",
                                                "record.area_rate",
                                                "record.fluctuation_dissipation",
                                                "record.quantiles",
                                                "record.basins",
                                                "compare.prediction",
                                                "compare.tolerance",
                                                "compare.alpha",
                                                "compare.step_bias",
                                                "checkpoint.every_seconds",
                                                "checkpoint.keep",
                                                "sweep.zip"};
  for (const std::string& full : keys)
    if (full == key || full.ends_with("." + key)) return full;
  return "";
}

Draft read_sections(const Node& document, std::uint64_t run, std::uint64_t runs, Problems& problems) {
  Draft draft;
  draft.run = run;
  draft.runs = runs;
  Section top(&document, "", problems);
  if (auto title = top.string("title")) draft.experiment.title = *title;
  if (auto seed = top.count("seed", 0, 9223372036854775807.0)) draft.experiment.seed = *seed;
  read_landscape(top.section("landscape"), draft);
  read_dynamics(top.section("dynamics"), draft);
  read_ensemble(top.section("ensemble"), draft);
  read_record(top.section("record"), draft);
  read_compare(top.section("compare"), draft);
  read_checkpoint(top.section("checkpoint"), draft.experiment);
  top.find("sweep");
  for (const char* key : {"schedule", "events", "network"})
    top.later(key, "allowed: title, seed, landscape, dynamics, ensemble, record, compare, checkpoint, sweep");
  top.finish(home_of);
  return draft;
}

}  // namespace kramers::analysis
