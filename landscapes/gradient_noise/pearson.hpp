#pragma once

#include "landscapes/model/numbers.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::landscapes {

/// A variance that is quadratic in its own coordinate:
///
///     C_ii = constant + linear theta_i + quadratic theta_i^2
///
/// Beside a quadratic landscape the Pearson diffusions, whose laws are known; with `constant` = 0 and
/// `quadratic` alone multiplicative noise, that of geometric Brownian motion (not where the only minimum is at 0: there
/// is none). Forman & Sorensen, Scand. J. Stat. 2008, 35, 438.
struct PearsonVariance {
  double constant = 1, linear = 0, quadratic = 0;

  static std::vector<Field<PearsonVariance>> fields() {
    using V = PearsonVariance;
    return {{"constant", &V::constant, "variance at theta_i = 0", "gradient^2", any_number},
            {"linear", &V::linear, "its slope there", "gradient^2/theta", any_number},
            {"quadratic", &V::quadratic, "half its curvature", "gradient^2/theta^2", any_number}};
  }

  KRAMERS_HOST_DEVICE static bool depends_on(int i, int j) { return i == j; }
  static bool depends_on_others(int, int) { return false; }
  KRAMERS_HOST_DEVICE static bool is_common() { return false; }

  template <class N, class X>
  KRAMERS_HOST_DEVICE N variance(int i, const X& coordinate) const {
    using R = real_of<N>;
    const N x = coordinate(i);
    return fma(x, fma(x, N(R(quadratic)), N(R(linear))), N(R(constant)));
  }
};

}  // namespace kramers::landscapes
