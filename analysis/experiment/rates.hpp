#pragma once

#include <optional>

#include "analysis/experiment/experiment.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::analysis {

/// The numbers of the dynamics that may change from step to step.
struct Rates {
  std::optional<double> learning_rate, batch_size, temperature;
};
/// Those of the first step.
Rates rates(const Experiment& experiment);

/// T [loss] = eta sigma^2 / (2 S), or as given. This is the one place where the factor of two stands: the noise of one
/// SGD step has variance eta^2 sigma^2 / S, that of Langevin dynamics over the time h = eta has 2 T h.
double temperature(const Experiment& experiment, const Rates& rates);
double temperature(const Experiment& experiment);

/// h [time]: as given, or else the learning rate, which makes Euler-Maruyama the SGD update itself, or its root, which
/// makes SGD with momentum a discretisation of kinetic Langevin dynamics.
double time_step(const Experiment& experiment, const Rates& rates);
double time_step(const Experiment& experiment);

/// Whether T and h follow from what is set.
bool dynamics_are_whole(const Experiment& experiment);

/// What the scheme is told.
sde::SchemeParameters scheme_parameters(const Experiment& experiment, const Rates& rates);
sde::SchemeParameters scheme_parameters(const Experiment& experiment);

}  // namespace kramers::analysis
