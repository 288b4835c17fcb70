#pragma once

#include <limits>

namespace kramers::analysis {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// A value and its standard error.
struct Estimate {
  double value, error;
};

inline constexpr Estimate unknown_estimate{not_known, not_known};

/// Bounds of what is asked for.
struct Bounds {
  double lower, upper;
};

}  // namespace kramers::analysis
