#pragma once

#include <string>

#include "analysis/verdict/jackknife.hpp"
#include "analysis/verdict/verdict.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The temperature that the samples show, without a look at the density: for Euler-Maruyama
///
///     T = (<x . g> - (h / 2) <|g|^2>) / d,   x from any fixed point, since <g> = 0
///
/// exact at any step size h (each scheme brings its own estimator). A density hides a small error of T inside its
/// tolerance; this does not.
Estimate measured_temperature(const sde::RunStatistics& statistics);

struct TemperatureVerdict {
  Decision decision;
  std::string reason;  // one sentence
  Estimate measured;
};

struct TemperatureSettings {
  double temperature;       // T as set, > 0
  double tolerance = 0.01;  // relative
  double alpha = 0.05;
  int comparisons = 1;  // "disagrees" uses alpha / comparisons
  int looks = 0;        // alpha 2^-looks
};

/// Agrees if the whole interval measured -+ t error is within the tolerance of T, disagrees if the whole interval is
/// beyond it on one side. A run with diverged trajectories never agrees; fewer than 8 replicates are not enough data.
TemperatureVerdict judge_temperature(const sde::RunStatistics& statistics, const TemperatureSettings& settings);

}  // namespace kramers::analysis
