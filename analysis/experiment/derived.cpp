#include "analysis/experiment/derived.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {

namespace {

/// What a course says in place of the first step.
void take_over(const CourseSurvey& survey, Derived& derived) {
  const auto one = [](const Range& range) { return range.one().value_or(std::numeric_limits<double>::quiet_NaN()); };
  derived.survey = survey;
  derived.temperature = one(survey.temperature);
  derived.effective_temperature = one(survey.effective_temperature);
  derived.time_step = one(survey.time_step);
  if (survey.learning_rate) derived.learning_rate = survey.learning_rate->one();
  if (survey.batch_size) derived.batch_size = survey.batch_size->one();
  if (derived.momentum && !survey.time_step.is_one()) derived.friction = {};
  derived.burn_in_time = survey.burn_in_time;
  derived.sampled_time = survey.sampled_time;
  derived.unstable_from = survey.unstable_from;
}

}  // namespace

Derived derive(const Experiment& experiment, const landscapes::Landscape& landscape) {
  const auto& ensemble = experiment.ensemble;
  const auto& dynamics = experiment.dynamics;
  const sde::SchemeFacts* scheme = sde::find_scheme(dynamics.scheme);
  if (!scheme) throw std::invalid_argument("there is no scheme '" + dynamics.scheme + "'");
  const sde::SchemeParameters parameters = scheme_parameters(experiment);
  const double h = parameters.time_step;
  Derived derived{.survey = {},
                  .temperature = parameters.temperature,
                  .time_step = h,
                  .effective_temperature = sde::effective_temperature(parameters),
                  .learning_rate = dynamics.learning_rate,
                  .batch_size = dynamics.batch_size,
                  .sigma = dynamics.sigma,
                  .momentum = dynamics.momentum,
                  .friction = dynamics.friction,
                  .burn_in_time = double(ensemble.burn_in) * h,
                  .sampled_time = double(ensemble.steps) * h,
                  .samples = ensemble.steps / ensemble.sample_every,
                  .trajectory_steps = double(ensemble.trajectories) * double(ensemble.burn_in + ensemble.steps),
                  .lambda_max = {},
                  .unstable_from = scheme->unstable_from(parameters),
                  .barriers = {}};
  if (dynamics.momentum) derived.friction = (1 - *dynamics.momentum) / h;
  if (const auto course = course_of(experiment)) take_over(survey(experiment, *course), derived);
  for (const auto& minimum : landscape.minima()) {
    const landscapes::Point curvatures = landscape.curvatures(minimum.at);
    derived.lambda_max = std::max(derived.lambda_max.value_or(0), curvatures[curvatures.size() - 1]);
    if (minimum.way_out) derived.barriers.push_back(*minimum.way_out - minimum.loss);
  }
  return derived;
}

std::map<std::string, double> as_numbers(const Derived& derived) {
  std::map<std::string, double> numbers = {{"burn_in_time", derived.burn_in_time},
                                           {"sampled_time", derived.sampled_time}};
  const auto add = [&](const std::string& name, const std::optional<double>& value) {
    if (value && !std::isnan(*value)) numbers[name] = *value;
  };
  add("temperature", derived.temperature);
  add("effective_temperature", derived.effective_temperature);
  add("time_step", derived.time_step);
  add("learning_rate", derived.learning_rate);
  add("batch_size", derived.batch_size);
  add("sigma", derived.sigma);
  add("momentum", derived.momentum);
  add("friction", derived.friction);
  add("lambda_max", derived.lambda_max);
  if (derived.survey)
    derived.survey->visit([&](const std::string& name, const Range& range) {
      if (range.is_one()) return;
      numbers[name + "_low"] = range.low;
      numbers[name + "_high"] = range.high;
    });
  if (!derived.barriers.empty())
    numbers["barrier"] = *std::min_element(derived.barriers.begin(), derived.barriers.end());
  return numbers;
}

namespace {

std::string line(const std::string& name, const std::string& text) { return fmt::format("  {:<22}{}\n", name, text); }

/// Of the first step, and of all where nothing changes.
std::string describe_rates(const Derived& derived) {
  std::string lines;
  const auto line = [&](const char* name, const std::string& text) { lines += analysis::line(name, text); };
  if (derived.noise == sde::NoiseStructure::heavy_tailed)
    line("noise", fmt::format("stable: a step adds {:.6g} Z, and there is no temperature",
                              std::sqrt(2 * derived.temperature * derived.time_step)));
  else if (derived.learning_rate && derived.batch_size && derived.sigma)
    line("temperature", fmt::format("T = eta sigma^2 / (2 S) = {:.4g} * {:.4g}^2 / (2 * {:.6g}) = {:.6g}",
                                    *derived.learning_rate, *derived.sigma, *derived.batch_size, derived.temperature) +
                            (derived.noise == sde::NoiseStructure::isotropic ? "" : ", an effective value"));
  else
    line("temperature", fmt::format("T = {:.6g} (given)", derived.temperature));
  if (derived.momentum)
    line("effective temperature", fmt::format("T_eff = T / (1 - mu) = {:.6g} / (1 - {:.6g}) = {:.6g}",
                                              derived.temperature, *derived.momentum, derived.effective_temperature));
  std::string step = fmt::format("h = {:.6g}", derived.time_step);
  if (derived.momentum)
    step += " = sqrt(eta)";
  else if (derived.learning_rate)
    step +=
        *derived.learning_rate == derived.time_step ? " = eta" : fmt::format(", eta = {:.6g}", *derived.learning_rate);
  if (derived.lambda_max) {
    step += derived.friction ? fmt::format(", lambda_max = {:.4g}", *derived.lambda_max)
                             : fmt::format(", h lambda_max = {:.4g} * {:.4g} = {:.4g}", derived.time_step,
                                           *derived.lambda_max, derived.time_step * *derived.lambda_max);
    if (derived.is_unstable()) step += fmt::format(" (unstable from lambda = {:.4g})", derived.unstable_from);
  }
  line("time step", step);
  return lines;
}

/// Least to largest, of what a schedule changes.
std::string describe_ranges(const Derived& derived) {
  std::string lines;
  derived.survey->visit([&](std::string name, const Range& range) {
    std::ranges::replace(name, '_', ' ');
    lines += line(name, range.is_one() ? fmt::format("{:.6g}", range.high)
                                       : fmt::format("{:.4g} to {:.4g}", range.low, range.high));
  });
  if (derived.lambda_max)
    lines += line("largest curvature",
                  fmt::format("{:.4g}, unstable at some step from {:.4g}", *derived.lambda_max, derived.unstable_from));
  return lines;
}

}  // namespace

std::string describe(const Derived& derived) {
  std::string lines = derived.survey ? describe_ranges(derived) : describe_rates(derived);
  const auto line = [&](const char* name, const std::string& text) { lines += analysis::line(name, text); };
  if (derived.momentum) line("time", "t = steps * h, h = sqrt(eta): a step takes the root of the learning rate");
  if (derived.friction) line("friction", fmt::format("gamma = {:.6g}", *derived.friction));
  if (!derived.barriers.empty() && !std::isnan(derived.temperature)) {
    std::string list;
    for (double barrier : derived.barriers)
      list += fmt::format("{}{:.4g}", list.empty() ? "" : ", ", barrier / derived.effective_temperature);
    line(derived.momentum ? "barrier / T_eff" : "barrier / T",
         list + (derived.barriers.size() > 1 ? " (from each minimum)" : ""));
  }
  line("burn-in", fmt::format("t = {:.6g}", derived.burn_in_time));
  line("sampled", fmt::format("t = {:.6g}, {} samples a trajectory", derived.sampled_time, derived.samples));
  line("cost", fmt::format("{:.3g} trajectory-steps", derived.trajectory_steps));
  return lines;
}

}  // namespace kramers::analysis
