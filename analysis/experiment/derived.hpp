#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiment/course_survey.hpp"
#include "analysis/experiment/experiment.hpp"
#include "landscapes/model/landscape.hpp"
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

/// What follows from an experiment and its landscape. What changes in the course of the run is NaN or absent, and its
/// range is in the survey.
struct Derived {
  std::optional<CourseSurvey> survey;  // where there is a schedule
  double temperature, time_step;       // T [loss], h [time]; under stable noise T is what gives one step its scale
  sde::NoiseStructure noise = sde::NoiseStructure::isotropic;
  double effective_temperature;  // of the stationary law [loss]: T, or T / (1 - mu) under SGD with momentum
  std::optional<double> learning_rate, batch_size, sigma, momentum;  // as given
  std::optional<double> friction;     // [1/time] as given, or (1 - mu) / h under SGD with momentum
  double burn_in_time, sampled_time;  // [time]
  std::uint64_t samples;              // per trajectory
  double trajectory_steps;            // in all, burn-in included
  std::optional<double> lambda_max;   // largest curvature at a known minimum [loss / theta^2]
  double unstable_from;               // the curvature from which the scheme diverges
  /// From each minimum to the lowest saddle that leads out of it [loss], in the order of minima(); empty: not known.
  std::vector<double> barriers;

  /// T and h are the same at every step: what is true of a stationary law can hold.
  bool is_steady() const { return !survey || (survey->temperature.is_one() && survey->time_step.is_one()); }
  bool is_unstable() const { return lambda_max && *lambda_max >= unstable_from; }
};
Derived derive(const Experiment& experiment, const landscapes::Landscape& landscape);

/// Name -> number, for the results file. Names as in experiment files.
std::map<std::string, double> as_numbers(const Derived& derived);

/// Aligned lines for people, each ended by a newline: T and where it comes from, h lambda_max, barriers, times, cost.
std::string describe(const Derived& derived);

}  // namespace kramers::analysis
