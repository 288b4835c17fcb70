#include "analysis/experiment/derived.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <stdexcept>

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
  if (dynamics.learning_rate) return *dynamics.learning_rate;
  throw std::invalid_argument("the dynamics need time_step or learning_rate");
}

Derived derive(const Experiment& experiment, const landscapes::Landscape& landscape) {
  const auto& ensemble = experiment.ensemble;
  const double h = time_step(experiment);
  Derived derived{.temperature = temperature(experiment),
                  .time_step = h,
                  .learning_rate = experiment.dynamics.learning_rate,
                  .batch_size = experiment.dynamics.batch_size,
                  .sigma = experiment.dynamics.sigma,
                  .burn_in_time = double(ensemble.burn_in) * h,
                  .sampled_time = double(ensemble.steps) * h,
                  .samples = ensemble.steps / ensemble.sample_every,
                  .trajectory_steps = double(ensemble.trajectories) * double(ensemble.burn_in + ensemble.steps),
                  .lambda_max = {},
                  .barriers = {}};
  for (const auto& minimum : landscape.minima()) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(landscape.hessian(minimum.at), Eigen::EigenvaluesOnly);
    derived.lambda_max = std::max(derived.lambda_max.value_or(0), solver.eigenvalues().maxCoeff());
    if (minimum.way_out) derived.barriers.push_back(*minimum.way_out - minimum.loss);
  }
  return derived;
}

std::map<std::string, double> as_numbers(const Derived& derived) {
  std::map<std::string, double> numbers = {{"temperature", derived.temperature},
                                           {"time_step", derived.time_step},
                                           {"burn_in_time", derived.burn_in_time},
                                           {"sampled_time", derived.sampled_time}};
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) numbers[name] = *value;
  };
  add("learning_rate", derived.learning_rate);
  add("batch_size", derived.batch_size);
  add("sigma", derived.sigma);
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
  if (derived.learning_rate && derived.batch_size && derived.sigma)
    line("temperature", fmt::format("T = eta sigma^2 / (2 S) = {:.4g} * {:.4g}^2 / (2 * {:.6g}) = {:.6g}",
                                    *derived.learning_rate, *derived.sigma, *derived.batch_size, derived.temperature));
  else
    line("temperature", fmt::format("T = {:.6g} (given)", derived.temperature));
  std::string step = fmt::format("h = {:.6g}", derived.time_step);
  if (derived.learning_rate)
    step +=
        *derived.learning_rate == derived.time_step ? " = eta" : fmt::format(", eta = {:.6g}", *derived.learning_rate);
  if (derived.lambda_max) {
    const double product = derived.time_step * *derived.lambda_max;
    step += fmt::format(", h lambda_max = {:.4g} * {:.4g} = {:.4g}", derived.time_step, *derived.lambda_max, product);
    if (product >= 2) step += " (explicit schemes are unstable from 2)";
  }
  line("time step", step);
  if (!derived.barriers.empty()) {
    std::string list;
    for (double barrier : derived.barriers)
      list += fmt::format("{}{:.4g}", list.empty() ? "" : ", ", barrier / derived.temperature);
    line("barrier / T", list + (derived.barriers.size() > 1 ? " (from each minimum)" : ""));
  }
  line("burn-in", fmt::format("t = {:.6g}", derived.burn_in_time));
  line("sampled", fmt::format("t = {:.6g}, {} samples a trajectory", derived.sampled_time, derived.samples));
  line("cost", fmt::format("{:.3g} trajectory-steps", derived.trajectory_steps));
  return lines;
}

}  // namespace kramers::analysis
