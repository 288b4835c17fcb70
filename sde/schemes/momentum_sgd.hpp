#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// What heavy ball and Nesterov share: SGD's own update of the velocity with Gaussian gradient noise,
///
///     v' = mu v - eta g + sqrt(2 T eta) xi,   T = eta sigma^2 / (2 S)
///
/// It is kinetic Langevin dynamics with the time step sqrt(eta), the friction (1 - mu) / sqrt(eta) and the temperature
/// T / (1 - mu).
template <class R>
struct MomentumSgd : Pointwise {
  static constexpr int extra = 1;  // v

  double eta, mu;
  R rate, momentum, drag, amplitude;

  explicit MomentumSgd(const SchemeParameters& p)
      : eta(p.learning_rate),
        mu(p.momentum),
        rate(R(eta)),
        momentum(R(mu)),
        drag(R(mu - 1)),
        amplitude(R(sqrt(2 * p.temperature * eta))) {}

  /// SGD starts at rest.
  template <class Element>
  KRAMERS_HOST_DEVICE void start(Element& e) const {
    e.extra[0] = R(0);
  }

  /// mu v + push, for 1 - mu may be lost beside 1.
  template <class Number>
  KRAMERS_HOST_DEVICE Number pushed(Number v, Number push) const {
    return v + fma(Number(drag), v, push);
  }

  /// <v^2> does not change over a step: T / (1 - mu) = ((1 - mu^2) <v^2> + 2 mu eta <v g> - eta^2 <g^2>) / (2 eta
  /// (1 - mu)), g where the scheme takes it, at any eta.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    const double v = e.extra[0], g = e.gradient;
    return ((1 - mu * mu) * (v * v) + 2 * mu * eta * (v * g) - eta * eta * (g * g)) / (2 * eta * (1 - mu));
  }
};

}  // namespace kramers::sde
