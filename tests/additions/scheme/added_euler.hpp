#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Tamed Euler under another name.
template <class R>
struct AddedEuler : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "added-euler",
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

  explicit AddedEuler(const SchemeParameters& p)
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
