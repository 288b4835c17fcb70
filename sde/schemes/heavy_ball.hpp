#pragma once

#include "sde/schemes/momentum_sgd.hpp"

namespace kramers::sde {

/// SGD with momentum (Polyak's heavy ball) and Gaussian gradient noise:
///
///     v' = mu v - eta g(x) + sqrt(2 T eta) xi,   x' = x + v'
///
/// On a quadratic Var x = T_m / (lambda (1 - eta lambda / (2 (1 + mu)))) with T_m = T / (1 - mu); unstable from
/// eta lambda = 2 (1 + mu). Orders are those in h = sqrt(eta) at fixed friction.
/// Polyak, USSR Comput. Math. Math. Phys. 1964, 4, 1; Liu, Ziyin & Ueda, ICML 2021.
template <class R>
struct HeavyBall : MomentumSgd<R> {
  static constexpr SchemeFacts facts{
      .name = "heavy-ball",
      .summary = "SGD with momentum, the update itself",
      .equation = "v' = mu v - eta g(x) + sqrt(2 T eta) xi,  x' = x + v'",
      .noise = ValidNoise::any,
      .strong_order = 1,
      .weak_order = 1,
      .invariant_order = 1,
      .parameter = "momentum",
      .unstable_from = [](const SchemeParameters& p) { return 2 * (1 + p.momentum) / p.learning_rate; },
      .source = "Polyak, USSR Comput. Math. Math. Phys. 1964, 4, 1; Liu, Ziyin & Ueda, ICML 2021",
  };

  using MomentumSgd<R>::MomentumSgd;

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    e.extra[0] = this->pushed(e.extra[0], fma(this->amplitude, e.xi[0], -this->rate * e.gradient));
    e.x = e.x + e.extra[0];
  }
};

}  // namespace kramers::sde
