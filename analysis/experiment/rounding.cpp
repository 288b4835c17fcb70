#include "analysis/experiment/rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/experiment/rates.hpp"

namespace kramers::analysis {

namespace {

double largest_coordinate(const Experiment& experiment, const landscapes::Landscape& landscape) {
  double largest = 0;
  const auto look = [&](const auto& coordinates) {
    for (double x : coordinates) largest = std::max(largest, std::abs(x));
  };
  for (const landscapes::Minimum& minimum : landscape.minima()) look(minimum.at);
  if (const auto& start = experiment.ensemble.start) {
    for (const std::vector<double>& point : start->at) look(point);
    for (const auto* list : {&start->mean, &start->low, &start->high}) look(*list);
  }
  return largest;
}

bool is_single(const Experiment& experiment) { return experiment.ensemble.precision == Precision::single_precision; }

/// From x to the next number.
template <class R>
double ulp_of(double x) {
  return double(std::nextafter(R(x), std::numeric_limits<R>::infinity())) - double(R(x));
}

}  // namespace

Rounding rounding(const Experiment& experiment, const landscapes::Landscape& landscape, const Derived& derived) {
  sde::SchemeParameters p = scheme_parameters(experiment);
  if (derived.survey) {  // its shortest steps
    p.temperature = derived.survey->temperature.low;
    p.time_step = derived.survey->time_step.low;
    if (derived.survey->learning_rate) p.learning_rate = derived.survey->learning_rate->low;
  }
  const double at = largest_coordinate(experiment, landscape);
  double step = std::sqrt(2 * p.temperature * p.time_step);
  if (experiment.dynamics.friction) step = p.time_step * std::sqrt(p.temperature);
  if (experiment.dynamics.momentum)
    step = std::sqrt(2 * p.temperature * p.learning_rate / (1 - p.momentum * p.momentum));
  return {at, is_single(experiment) ? ulp_of<float>(at) : ulp_of<double>(at), step};
}

std::string rounding_warning(const Experiment& experiment, const landscapes::Landscape& landscape,
                             const Derived& derived) {
  const Rounding r = rounding(experiment, landscape, derived);
  if (r.step >= 4 * r.ulp) return "";
  const bool single = is_single(experiment);
  return fmt::format(
      "a step's noise is {:.3g}, and {} precision knows coordinates near {:.3g} to {:.3g}: {}; allowed: {}", r.step,
      single ? "single" : "double", r.at, r.ulp,
      r.step >= r.ulp ? fmt::format("rounding adds about {:.2g} % to the temperature", 100 * r.share())
                      : std::string("rounding decides what moves"),
      single ? "precision = \"double\", or a longer time step" : "a longer time step, or coordinates nearer to 0");
}

}  // namespace kramers::analysis
