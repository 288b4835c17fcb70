#include "analysis/experiment/rates.hpp"

#include <cmath>
#include <stdexcept>

namespace kramers::analysis {

Rates rates(const Experiment& experiment) {
  const auto& dynamics = experiment.dynamics;
  return {dynamics.learning_rate, dynamics.batch_size, dynamics.temperature};
}

double temperature(const Experiment& experiment, const Rates& rates) {
  if (rates.temperature) return *rates.temperature;
  if (!rates.learning_rate || !rates.batch_size || !experiment.dynamics.sigma)
    throw std::invalid_argument("the dynamics need learning_rate, batch_size and sigma, or temperature and time_step");
  const double eta = *rates.learning_rate, S = *rates.batch_size, sigma = *experiment.dynamics.sigma;
  return eta * sigma * sigma / (2 * S);
}
double temperature(const Experiment& experiment) { return temperature(experiment, rates(experiment)); }

double time_step(const Experiment& experiment, const Rates& rates) {
  if (experiment.dynamics.time_step) return *experiment.dynamics.time_step;
  if (!rates.learning_rate) throw std::invalid_argument("the dynamics need time_step or learning_rate");
  return experiment.dynamics.momentum ? std::sqrt(*rates.learning_rate) : *rates.learning_rate;
}
double time_step(const Experiment& experiment) { return time_step(experiment, rates(experiment)); }

bool dynamics_are_whole(const Experiment& experiment) {
  const auto& d = experiment.dynamics;
  return (d.learning_rate && d.batch_size && d.sigma) || (d.temperature && d.time_step);
}

sde::SchemeParameters scheme_parameters(const Experiment& experiment, const Rates& rates) {
  return {.time_step = time_step(experiment, rates),
          .temperature = temperature(experiment, rates),
          .friction = experiment.dynamics.friction.value_or(0),
          .learning_rate = rates.learning_rate.value_or(0),
          .momentum = experiment.dynamics.momentum.value_or(0),
          .calculus = experiment.dynamics.calculus};
}
sde::SchemeParameters scheme_parameters(const Experiment& experiment) {
  return scheme_parameters(experiment, rates(experiment));
}

}  // namespace kramers::analysis
