#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Tamed Euler for d x = -grad L dt + sqrt(2 T) dW, coordinate by coordinate:
///
///     x'_i = x_i - h G_i + sqrt(2 T h) xi_i,   G_i = g_i / (1 + h |g_i|)
///
/// No gradient moves a coordinate by more than 1, so that losses that grow faster than quadratically do not explode, as
/// they do under Euler-Maruyama. Strong order 1 for additive noise, weak order 1, stationary law biased by O(h).
/// Hutzenthaler, Jentzen & Kloeden, Ann. Appl. Probab. 2012, 22, 1611; by coordinates: Brosse, Durmus, Moulines &
/// Sabanis, Stoch. Process. Appl. 2019, 129, 3638.
template <class R>
struct TamedEuler : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "tamed-euler",
      .summary = "Euler-Maruyama that losses steeper than quadratic cannot blow up",
      .equation = "x' = x - h g / (1 + h |g|) + sqrt(2 T h) xi, by coordinates",
      .noise = ValidNoise::any,
      .strong_order = 1,
      .weak_order = 1,
      .multiplicative_strong_order = 0.5,
      .invariant_order = 1,
      .unstable_from = never_unstable,
      .source =
          "Hutzenthaler, Jentzen & Kloeden, Ann. Appl. Probab. 2012, 22, 1611; Brosse, Durmus, Moulines & "
          "Sabanis, Stoch. Process. Appl. 2019, 129, 3638",
  };

  R h, amplitude;

  explicit TamedEuler(const SchemeParameters& p)
      : h(R(p.time_step)), amplitude(R(sqrt(2 * p.temperature * p.time_step))) {}

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    e.x = e.x + fma(amplitude, e.xi[0], -h * tamed(e.gradient, h));
  }

  /// As for Euler-Maruyama, with the tamed gradient: <x G> - (h/2) <G^2> = T, at any h.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    const double G = tamed(e.gradient, double(h));
    return e.x * G - double(h) / 2 * (G * G);
  }

 private:
  template <class Number, class Real>
  KRAMERS_HOST_DEVICE static Number tamed(Number g, Real h) {
    return g / fma(Number(h), abs(g), Number(Real(1)));
  }
};

}  // namespace kramers::sde
