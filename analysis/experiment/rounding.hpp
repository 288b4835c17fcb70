#pragma once

#include <string>

#include "analysis/experiment/derived.hpp"

namespace kramers::analysis {

/// How the noise of a step compares with the last bit of the largest coordinate of the minima and start points, in the
/// run's precision. Rounding is as good as random where it is many last bits: it adds ulp^2 / 12 to the variance of
/// each step, which is step^2.
struct Rounding {
  double at, ulp;  // |coordinate|, and what lies between two numbers there [theta]
  double step;     // [theta]: sqrt(2 T h); h sqrt(T) with friction; sqrt(2 T eta / (1 - mu^2)) of SGD with momentum
  double share() const { return ulp * ulp / (12 * step * step); }  // of the temperature, added
};
Rounding rounding(const Experiment& experiment, const landscapes::Landscape& landscape, const Derived& derived);

/// Empty where rounding adds less than half a percent (4 last bits and more).
std::string rounding_warning(const Experiment& experiment, const landscapes::Landscape& landscape,
                             const Derived& derived);

}  // namespace kramers::analysis
