#pragma once

#include "sde/schemes/ornstein_uhlenbeck_part.hpp"

namespace kramers::sde {

/// ABOBA for d x = p dt, d p = -grad L dt - gamma p dt + sqrt(2 gamma T) dW:
///
///     A: x += (h/2) p   B: p -= (h/2) g(x)   O: p = c p + s xi   B   A,   c = exp(-gamma h), s = sqrt(T (1 - c^2))
///
/// Positions are exact on quadratics and biased by O(h^2) else. Unstable from h^2 lambda_max = 4.
/// Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34.
template <class R>
struct Aboba : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "aboba",
      .summary = "kinetic; positions exact on quadratics, the gradient in mid-step",
      .equation = "A B O B A with A: x += h/2 p, B: p -= h/2 g, O: p = c p + sqrt(T (1 - c^2)) xi, c = exp(-gamma h)",
      .strong_order = 1,
      .weak_order = 2,
      .invariant_order = 2,
      .parameter = "friction",
      .unstable_from = leapfrog_limit,
      .source = "Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34",
  };
  static constexpr int extra = 1;  // p

  R h, thermal;
  OrnsteinUhlenbeckPart<R> o;

  explicit Aboba(const SchemeParameters& p) : h(R(p.time_step)), thermal(R(sqrt(p.temperature))), o(p, p.time_step) {}

  /// The momentum starts in equilibrium.
  template <class Element>
  KRAMERS_HOST_DEVICE void start(Element& e) const {
    e.extra[0] = thermal * e.extra[0];
  }

  template <class Element>
  KRAMERS_HOST_DEVICE void ahead(Element& e) const {
    e.x = fma(h / 2, e.extra[0], e.x);
  }

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    const auto kicked = fma(-h / 2, e.gradient, e.extra[0]);
    e.extra[0] = e.extra[0] + fma(-h, e.gradient, o.change(kicked, e.xi[0]));
    e.x = fma(h / 2, e.extra[0], e.x);
  }

  /// <p^2> does not change over B O B: T = <p^2> + (c h <p g> - (1 + c) (h^2/4) <g^2>) / (1 - c), g in mid-step, at any
  /// h.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    const double p = e.extra[0], g = e.gradient, c = o.decay, step = h;
    return p * p + (c * step * (p * g) - (1 + c) * (step * step / 4) * (g * g)) / o.lost;
  }
};

}  // namespace kramers::sde
