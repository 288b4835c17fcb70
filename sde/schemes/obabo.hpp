#pragma once

#include "sde/schemes/ornstein_uhlenbeck_part.hpp"

namespace kramers::sde {

/// OBABO, the leapfrog between two halves of friction and noise, for d x = p dt, d p = -grad L dt - gamma p dt +
/// sqrt(2 gamma T) dW:
///
///     O: p = c p + s xi   B: p -= (h/2) g(x)   A: x += h p   B   O: p = c p + s xi',   c = exp(-gamma h / 2),
///     s = sqrt(T (1 - c^2))
///
/// Momenta are exact on quadratics, positions biased by O(h^2). Unstable from h^2 lambda_max = 4. One gradient a step:
/// the last B O of a step is made with the next, and what is kept is the momentum before it and its normal.
/// Bussi & Parrinello, Phys. Rev. E 2007, 75, 056707.
template <class R>
struct Obabo : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "obabo",
      .summary = "kinetic; the leapfrog with friction and noise at both ends",
      .equation = "O B A B O with B: p -= h/2 g, A: x += h p, O: p = c p + sqrt(T (1 - c^2)) xi, c = exp(-gamma h / 2)",
      .strong_order = 1,
      .weak_order = 2,
      .invariant_order = 2,
      .normals = 2,
      .parameter = "friction",
      .unstable_from = leapfrog_limit,
      .source = "Bussi & Parrinello, Phys. Rev. E 2007, 75, 056707",
  };
  static constexpr int extra = 2;  // p before the last B O of a step, and the normal of that O

  R h, thermal, c, normal;  // normal: 1 / sqrt(1 - c^2)
  OrnsteinUhlenbeckPart<R> o;

  explicit Obabo(const SchemeParameters& p)
      : h(R(p.time_step)), thermal(R(sqrt(p.temperature))), o(p, p.time_step / 2) {
    c = R(o.decay);
    normal = R(1 / sqrt(o.lost * (1 + o.decay)));
  }

  /// The momentum starts in equilibrium, the same one at any time step: it is what the last B O makes of what is kept,
  /// by way of the momentum where friction leaves most of it, else by way of the noise.
  template <class Element>
  KRAMERS_HOST_DEVICE void start(Element& e) const {
    if (o.decay < 0.5) {
      e.extra[1] = normal * e.extra[0];
      e.extra[0] = h / 2 * e.gradient;
    } else {
      e.extra[0] = fma(h / 2, e.gradient, fma(-o.s, e.extra[1], thermal * e.extra[0]) / c);
    }
  }

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    const auto kicked = fma(-h / 2, e.gradient, e.extra[0]);
    const auto p = e.extra[0] + fma(-h / 2, e.gradient, o.change(kicked, e.extra[1]));
    e.extra[0] = p + fma(-h / 2, e.gradient, o.change(p, e.xi[0]));
    e.x = fma(h, e.extra[0], e.x);
    e.extra[1] = e.xi[1];
  }

  /// <p^2> does not change over B O O B: T = <p^2> + h <p g> c / (1 - c^2), at any h.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    const double c = o.decay, step = h;
    const double p = c * (e.extra[0] - step / 2 * e.gradient) + double(o.s) * e.extra[1];
    return p * p + step * c / (o.lost * (1 + c)) * (p * e.gradient);
  }
};

}  // namespace kramers::sde
