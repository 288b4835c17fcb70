#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Euler-Maruyama for d x = -grad L dt + sqrt(2 T) dW:
///
///     x' = x - h g(x) + sqrt(2 T h) xi,   xi ~ N(0, I)
///
/// With h = eta and T = eta sigma^2 / (2 S) it is the SGD update with Gaussian gradient noise. Strong order 1 for
/// additive noise (1/2 otherwise), weak order 1, stationary law biased by O(h); unstable from h lambda_max = 2.
/// Maruyama 1955; Kloeden & Platen 1992, section 10.2.
template <class R>
struct EulerMaruyama : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "euler-maruyama",
      .summary = "the SGD update itself when h = eta; first order",
      .equation = "x' = x - h g + sqrt(2 T h) xi",
      .noise = ValidNoise::any,
      .strong_order = 1,
      .weak_order = 1,
      .multiplicative_strong_order = 0.5,
      .invariant_order = 1,
      .unstable_from = explicit_limit,
      .source = "Maruyama 1955; Kloeden & Platen 1992, section 10.2",
  };

  R h, amplitude;

  explicit EulerMaruyama(const SchemeParameters& p)
      : h(R(p.time_step)), amplitude(R(sqrt(2 * p.temperature * p.time_step))) {}

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    e.x = e.x + fma(amplitude, e.xi[0], -h * e.gradient);
  }

  /// E[x' . x'] = E[x . x] at stationarity, for x from any fixed point, gives <x g> - (h/2) <g^2> = T for each
  /// coordinate, at any h.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    return e.x * e.gradient - double(h) / 2 * (e.gradient * e.gradient);
  }
};

}  // namespace kramers::sde
