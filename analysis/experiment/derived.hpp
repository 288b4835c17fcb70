#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "landscapes/landscape.hpp"

namespace kramers::analysis {

/// T [loss] = eta sigma^2 / (2 S), or as given. This is the one place where the factor of two stands: the noise of one
/// SGD step has variance eta^2 sigma^2 / S, that of Langevin dynamics over the time h = eta has 2 T h.
double temperature(const Experiment& experiment);

/// h [time]: as given, or else the learning rate, which makes Euler-Maruyama the SGD update itself.
double time_step(const Experiment& experiment);

/// What follows from an experiment and its landscape.
struct Derived {
  double temperature, time_step;                           // T [loss], h [time]
  std::optional<double> learning_rate, batch_size, sigma;  // as given
  double burn_in_time, sampled_time;                       // [time]
  std::uint64_t samples;                                   // per trajectory
  double trajectory_steps;                                 // in all, burn-in included
  /// Largest curvature at a known minimum [loss / theta^2]; explicit schemes need h lambda_max < 2.
  std::optional<double> lambda_max;
  /// From each minimum to the lowest saddle that leads out of it [loss], in the order of minima(); empty: not known.
  std::vector<double> barriers;
};
Derived derive(const Experiment& experiment, const landscapes::Landscape& landscape);

/// Name -> number, for the results file. Names as in experiment files.
std::map<std::string, double> as_numbers(const Derived& derived);

/// Aligned lines for people, each ended by a newline: T and where it comes from, h lambda_max, barriers, times, cost.
std::string describe(const Derived& derived);

}  // namespace kramers::analysis
