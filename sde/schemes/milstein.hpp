#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Milstein's scheme for d x = -grad L dt + sqrt(2 T) b(x) dW, coordinate by coordinate, b_i a function of x_i:
///
///     x' = x - h g(x) + sqrt(2 T h) b(x) xi + (T h / 2) (b^2)'(x) (xi^2 - 1)
///
/// Strong order 1 and weak order 1, also where Euler-Maruyama has strong order 1/2; for isotropic noise it is
/// Euler-Maruyama. Unstable from h lambda_max = 2.
/// Milstein, Theory Probab. Appl. 1975, 19, 557; Kloeden & Platen 1992, section 10.3.
template <class R>
struct Milstein : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "milstein",
      .summary = "paths of strong order 1 for noise that depends on theta",
      .equation = "x' = x - h g + sqrt(2 T h) b(x) xi + (T h / 2) (b^2)'(x) (xi^2 - 1)",
      .noise = ValidNoise::diagonal,
      .strong_order = 1,
      .weak_order = 1,
      .invariant_order = 1,
      .unstable_from = explicit_limit,
      .source = "Milstein, Theory Probab. Appl. 1975, 19, 557; Kloeden & Platen 1992, section 10.3",
  };
  static constexpr bool multiplicative = true;

  R h, amplitude, half_t_h;

  explicit Milstein(const SchemeParameters& p)
      : h(R(p.time_step)),
        amplitude(R(sqrt(2 * p.temperature * p.time_step))),
        half_t_h(R(p.temperature * p.time_step / 2)) {}

  template <class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    const auto xi = e.xi[0];
    e.x = e.x + fma(half_t_h * e.slope, fma(xi, xi, R(-1)), fma(amplitude * e.b, xi, -h * e.gradient));
  }

  /// As for Euler-Maruyama, which it is for isotropic noise.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    return e.x * e.gradient - double(h) / 2 * (e.gradient * e.gradient);
  }
};

}  // namespace kramers::sde
