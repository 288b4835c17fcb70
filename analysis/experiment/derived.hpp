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
