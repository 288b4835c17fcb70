#pragma once

#include "sde/numbers/elementary.hpp"
#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// The part of kinetic Langevin dynamics that is solved exactly, d p = -gamma p dt + sqrt(2 gamma T) dW over a time t:
///
///     p' = c p + s xi,   c = exp(-gamma t),   s = sqrt(T (1 - c^2))
///
/// as a change of p, for 1 - c may be lost beside 1, at any friction: c may be 0.
template <class R>
struct OrnsteinUhlenbeckPart {
  double decay, lost;  // c, 1 - c
  R minus_lost, s;

  OrnsteinUhlenbeckPart(const SchemeParameters& p, double time)
      : decay(exp(-p.friction * time)),
        lost(one_minus_exp(-p.friction * time)),
        minus_lost(R(-lost)),
        s(R(sqrt(p.temperature * lost * (1 + decay)))) {}

  /// p' - p
  template <class Number>
  KRAMERS_HOST_DEVICE Number change(Number p, Number xi) const {
    return fma(s, xi, Number(minus_lost) * p);
  }

 private:
  static double one_minus_exp(double x) {
    const double t = tanh(x / 2);
    return -2 * t / (1 - t);
  }
};

}  // namespace kramers::sde
