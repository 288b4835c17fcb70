#pragma once

#include <cmath>

#include "sde/elementary.hpp"
#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// The part of kinetic Langevin dynamics that is solved exactly, d p = -gamma p dt + sqrt(2 gamma T) dW over a time t:
///
///     p' = c p + s xi,   c = exp(-gamma t),   s = sqrt(T (1 - c^2))
template <class R>
struct OrnsteinUhlenbeckPart {
  double decay;  // c
  R c, s;

  OrnsteinUhlenbeckPart(const SchemeParameters& p, double time)
      : decay(exp(-p.friction * time)), c(R(decay)), s(R(sqrt(p.temperature * (1 - decay) * (1 + decay)))) {}

  template <class Number>
  KRAMERS_HOST_DEVICE Number operator()(Number p, Number xi) const {
    return fma(s, xi, Number(c) * p);
  }
};

}  // namespace kramers::sde
