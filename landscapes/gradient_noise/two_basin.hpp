#pragma once

#include "landscapes/model/numbers.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::landscapes {

/// One variance in the left basin and another in the right one, in every direction:
///
///     sigma^2(theta) = variance_right + (variance_left - variance_right) (1 - tanh((theta_0 - at) / width)) / 2
struct TwoBasinVariance {
  double variance_left = 1.1, variance_right = 0.9, at = 0, width = 0.2;

  static std::vector<Field<TwoBasinVariance>> fields() {
    using V = TwoBasinVariance;
    return {{"variance_left", &V::variance_left, "variance far to the left", "gradient^2", positive},
            {"variance_right", &V::variance_right, "variance far to the right", "gradient^2", positive},
            {"at", &V::at, "where theta_0 passes from one to the other", "theta", any_number},
            {"width", &V::width, "over what distance", "theta", positive}};
  }

  KRAMERS_HOST_DEVICE static bool depends_on(int, int j) { return j == 0; }
  static bool depends_on_others(int i, int) { return i != 0; }
  KRAMERS_HOST_DEVICE static bool is_common() { return true; }

  template <class N, class X>
  KRAMERS_HOST_DEVICE N variance(int, const X& coordinate) const {
    using R = real_of<N>;
    const N step = tanh((coordinate(0) - N(R(at))) * N(R(1 / width)));
    return fma(N(R((variance_right - variance_left) / 2)), step, N(R((variance_right + variance_left) / 2)));
  }
};

}  // namespace kramers::landscapes
