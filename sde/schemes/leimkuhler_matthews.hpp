#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Leimkuhler-Matthews for d x = -grad L dt + sqrt(2 T) dW:
///
///     x' = x - h g(x) + sqrt(2 T h) (xi_n + xi_{n+1}) / 2
///
/// xi_{n+1} is kept for the next step. Costs what Euler-Maruyama costs; its stationary law is biased by O(h^2) only and
/// exact on quadratics. Additive isotropic noise. Not Markov in x alone. Half a step's noise is still to come, so that
/// paths are off by sqrt(2 T h) (xi_0 - xi_N) / 2: strong order 1/2.
/// Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34.
template <class R>
struct LeimkuhlerMatthews : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "leimkuhler-matthews",
      .summary = "samples the Gibbs density to second order at Euler-Maruyama's cost",
      .equation = "x' = x - h g + sqrt(2 T h) (xi_n + xi_{n+1}) / 2",
      .strong_order = 0.5,
      .weak_order = 1,
      .invariant_order = 2,
      .unstable_from = explicit_limit,
      .source = "Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34",
  };
  static constexpr int extra = 1;  // the kept normal xi_n

  R h, half_amplitude;

  explicit LeimkuhlerMatthews(const SchemeParameters& p)
      : h(R(p.time_step)), half_amplitude(R(sqrt(2 * p.temperature * p.time_step) / 2)) {}

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    e.x = e.x + fma(half_amplitude, e.extra[0] + e.xi[0], -h * e.gradient);
    e.extra[0] = e.xi[0];
  }

  /// E[x' . x'] = E[x . x] at stationarity, where x contains the kept normal with weight sqrt(2 T h) / 2, gives
  /// <x g> - (h/2) <g^2> + sqrt(2 T h)/2 <g xi_n> = T for each coordinate, at any h.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    return e.x * e.gradient - double(h) / 2 * (e.gradient * e.gradient) +
           double(half_amplitude) * (e.gradient * e.extra[0]);
  }
};

}  // namespace kramers::sde
