#pragma once

#include "sde/schemes/ornstein_uhlenbeck_part.hpp"

namespace kramers::sde {

/// BAOAB for d x = p dt, d p = -grad L dt - gamma p dt + sqrt(2 gamma T) dW:
///
///     B: p -= (h/2) g(x)   A: x += (h/2) p   O: p = c p + s xi   A   B,   c = exp(-gamma h), s = sqrt(T (1 - c^2))
///
/// Positions are exact on quadratics and biased by O(h^2) else, by O(h^4) in the limit of high friction. Unstable from
/// h^2 lambda_max = 4. One gradient a step: the last kick of a step is made together with the first of the next, and
/// what is kept is the momentum before it.
/// Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34.
template <class R>
struct Baoab : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "baoab",
      .summary = "kinetic; positions exact on quadratics, the sampler of choice with inertia",
      .equation = "B A O A B with B: p -= h/2 g, A: x += h/2 p, O: p = c p + sqrt(T (1 - c^2)) xi, c = exp(-gamma h)",
      .strong_order = 1,
      .weak_order = 2,
      .invariant_order = 2,
      .parameter = "friction",
      .unstable_from = leapfrog_limit,
      .source = "Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34",
  };
  static constexpr int extra = 1;  // p before the last kick of a step

  R h, thermal;
  OrnsteinUhlenbeckPart<R> o;

  explicit Baoab(const SchemeParameters& p) : h(R(p.time_step)), thermal(R(sqrt(p.temperature))), o(p, p.time_step) {}

  /// The momentum starts in equilibrium.
  template <class Element>
  KRAMERS_HOST_DEVICE void start(Element& e) const {
    e.extra[0] = fma(h / 2, e.gradient, thermal * e.extra[0]);
  }

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    const auto before = fma(-h, e.gradient, e.extra[0]);
    const auto after = e.extra[0] + fma(-h, e.gradient, o.change(before, e.xi[0]));
    e.x = fma(h / 2, before + after, e.x);
    e.extra[0] = after;
  }

  /// O turns the momentum after two kicks into that before them: <p^2> = c^2 <(p - h g)^2> + T (1 - c^2), at any h.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    const double before = e.extra[0], after = before - double(h) * e.gradient, c2 = o.decay * o.decay;
    return (before * before - c2 * (after * after)) / (o.lost * (1 + o.decay));
  }
};

}  // namespace kramers::sde
