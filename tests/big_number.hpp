#pragma once

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>

namespace kramers::sde {

/// 50 digits, as the reference for the project's own functions.
using Big = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

/// |computed - exact| in units in the last place of an R as large as `exact`.
template <class R>
double error_in_ulp(R computed, const Big& exact) {
  if (exact == 0) return computed == 0 ? 0 : std::numeric_limits<double>::infinity();
  const int exponent = std::max(int(ilogb(exact)), std::numeric_limits<R>::min_exponent - 1);
  const Big ulp = ldexp(Big(1), exponent - std::numeric_limits<R>::digits + 1);
  return std::abs(((Big(computed) - exact) / ulp).template convert_to<double>());
}

}  // namespace kramers::sde
