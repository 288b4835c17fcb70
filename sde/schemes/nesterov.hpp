#pragma once

#include "sde/schemes/momentum_sgd.hpp"

namespace kramers::sde {

/// SGD with Nesterov's momentum and Gaussian gradient noise:
///
///     y = x + mu v,   v' = mu v - eta g(y) + sqrt(2 T eta) xi,   x' = x + v'
///
/// On a quadratic unstable from eta lambda = 2 (1 + mu) / (1 + 2 mu). Orders are those in h = sqrt(eta) at fixed
/// friction.
/// Nesterov, Soviet Math. Dokl. 1983, 27, 372; Sutskever, Martens, Dahl & Hinton, ICML 2013.
template <class R>
struct Nesterov : MomentumSgd<R> {
  static constexpr SchemeFacts facts{
      .name = "nesterov",
      .summary = "SGD with Nesterov's momentum, the update itself",
      .equation = "v' = mu v - eta g(x + mu v) + sqrt(2 T eta) xi,  x' = x + v'",
      .noise = ValidNoise::any,
      .strong_order = 1,
      .weak_order = 1,
      .invariant_order = 1,
      .parameter = "momentum",
      .unstable_from =
          [](const SchemeParameters& p) { return 2 * (1 + p.momentum) / ((1 + 2 * p.momentum) * p.learning_rate); },
      .source = "Nesterov, Soviet Math. Dokl. 1983, 27, 372; Sutskever, Martens, Dahl & Hinton, ICML 2013",
  };

  using MomentumSgd<R>::MomentumSgd;

  template <class Element>
  KRAMERS_HOST_DEVICE void ahead(Element& e) const {
    e.x = fma(this->momentum, e.extra[0], e.x);
  }

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    const auto push = fma(this->amplitude, e.xi[0], -this->rate * e.gradient);
    e.x = e.x + push;
    e.extra[0] = this->pushed(e.extra[0], push);
  }
};

}  // namespace kramers::sde
