#pragma once

#include <limits>

namespace kramers::analysis {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// A value and its standard error; the error alone is not known where nothing tells one.
struct Estimate {
  double value = not_known, error = not_known;
};

inline constexpr Estimate unknown_estimate;

/// Bounds of what is asked for.
struct Bounds {
  double lower = not_known, upper = not_known;
};

}  // namespace kramers::analysis
