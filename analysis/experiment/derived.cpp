#include "analysis/experiment/derived.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sde/schemes/list.hpp"

namespace kramers::analysis {

double temperature(const Experiment& experiment) {
  const auto& dynamics = experiment.dynamics;
  if (dynamics.temperature) return *dynamics.temperature;
  if (!dynamics.learning_rate || !dynamics.batch_size || !dynamics.sigma)
    throw std::invalid_argument("the dynamics need learning_rate, batch_size and sigma, or temperature and time_step");
  const double eta = *dynamics.learning_rate, S = *dynamics.batch_size, sigma = *dynamics.sigma;
  return eta * sigma * sigma / (2 * S);
}

double time_step(const Experiment& experiment) {
  const auto& dynamics = experiment.dynamics;
  if (dynamics.time_step) return *dynamics.time_step;
  if (!dynamics.learning_rate) throw std::invalid_argument("the dynamics need time_step or learning_rate");
  return dynamics.momentum ? std::sqrt(*dynamics.learning_rate) : *dynamics.learning_rate;
}

bool dynamics_are_whole(const Experiment& experiment) {
  const auto& d = experiment.dynamics;
  return (d.learning_rate && d.batch_size && d.sigma) || (d.temperature && d.time_step);
}

sde::SchemeParameters scheme_parameters(const Experiment& experiment) {
  return {.time_step = time_step(experiment),
          .temperature = temperature(experiment),
          .friction = experiment.dynamics.friction.value_or(0),
          .learning_rate = experiment.dynamics.learning_rate.value_or(0),
          .momentum = experiment.dynamics.momentum.value_or(0),
          .calculus = experiment.dynamics.calculus};
}

Derived derive(const Experiment& experiment, const landscapes::Landscape& landscape) {
  const auto& ensemble = experiment.ensemble;
  const auto& dynamics = experiment.dynamics;
  const sde::SchemeFacts* scheme = sde::find_scheme(dynamics.scheme);
  if (!scheme) throw std::invalid_argument("there is no scheme '" + dynamics.scheme + "'");
  const sde::SchemeParameters parameters = scheme_parameters(experiment);
  const double h = parameters.time_step;
  Derived derived{.temperature = parameters.temperature,
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
  for (const auto& minimum : landscape.minima()) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(landscape.hessian(minimum.at), Eigen::EigenvaluesOnly);
    derived.lambda_max = std::max(derived.lambda_max.value_or(0), solver.eigenvalues().maxCoeff());
    if (minimum.way_out) derived.barriers.push_back(*minimum.way_out - minimum.loss);
  }
  return derived;
}

std::map<std::string, double> as_numbers(const Derived& derived) {
  std::map<std::string, double> numbers = {{"temperature", derived.temperature},
                                           {"effective_temperature", derived.effective_temperature},
                                           {"time_step", derived.time_step},
                                           {"burn_in_time", derived.burn_in_time},
                                           {"sampled_time", derived.sampled_time}};
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) numbers[name] = *value;
  };
  add("learning_rate", derived.learning_rate);
  add("batch_size", derived.batch_size);
  add("sigma", derived.sigma);
  add("momentum", derived.momentum);
  add("friction", derived.friction);
  add("lambda_max", derived.lambda_max);
  if (!derived.barriers.empty())
    numbers["barrier"] = *std::min_element(derived.barriers.begin(), derived.barriers.end());
  return numbers;
}

std::string describe(const Derived& derived) {
  std::string lines;
  const auto line = [&](const char* name, const std::string& text) {
    lines += fmt::format("  {:<22}{}\n", name, text);
  };
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
    line("effective temperature", fmt::format("T / (1 - mu) = {:.6g} / (1 - {:.6g}) = {:.6g}", derived.temperature,
                                              *derived.momentum, derived.effective_temperature));
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
  if (derived.friction) line("friction", fmt::format("gamma = {:.6g}", *derived.friction));
  if (!derived.barriers.empty()) {
    std::string list;
    for (double barrier : derived.barriers)
      list += fmt::format("{}{:.4g}", list.empty() ? "" : ", ", barrier / derived.effective_temperature);
    line("barrier / T", list + (derived.barriers.size() > 1 ? " (from each minimum)" : ""));
  }
  line("burn-in", fmt::format("t = {:.6g}", derived.burn_in_time));
  line("sampled", fmt::format("t = {:.6g}, {} samples a trajectory", derived.sampled_time, derived.samples));
  line("cost", fmt::format("{:.3g} trajectory-steps", derived.trajectory_steps));
  return lines;
}

}  // namespace kramers::analysis
