#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Roessler's SRA1 for d x = -grad L dt + sqrt(2 T) dW:
///
///     y  = x - (3/4) h g(x) + (3/4) sqrt(2 T h) (xi + zeta / sqrt(3))
///     x' = x - h (g(x) + 2 g(y)) / 3 + sqrt(2 T h) xi
///
/// Additive noise. Strong order 3/2, weak order 2, stationary law biased by O(h^2). Unstable from h lambda_max = 2.
/// Roessler, SIAM J. Numer. Anal. 2010, 48, 922, table 6.2.
template <class R>
struct Sra1 : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "sra1",
      .summary = "paths of strong order 3/2 for additive noise",
      .equation =
          "y = x - 3/4 h g(x) + 3/4 sqrt(2 T h) (xi + zeta / sqrt 3),  "
          "x' = x - h (g(x) + 2 g(y)) / 3 + sqrt(2 T h) xi",
      .noise = ValidNoise::additive,
      .strong_order = 1.5,
      .weak_order = 2,
      .invariant_order = 2,
      .exact_temperature = false,
      .gradients = 2,
      .normals = 2,
      .time_integral = true,
      .unstable_from = explicit_limit,
      .source = "Roessler, SIAM J. Numer. Anal. 2010, 48, 922",
  };
  static constexpr int scratch = 2;  // x and g(x)

  R h, third_of_h, amplitude, part_of_xi, part_of_zeta;

  explicit Sra1(const SchemeParameters& p)
      : h(R(p.time_step)),
        third_of_h(R(p.time_step / 3)),
        amplitude(R(sqrt(2 * p.temperature * p.time_step))),
        part_of_xi(R(0.75 * sqrt(2 * p.temperature * p.time_step))),
        part_of_zeta(R(0.75 * sqrt(2 * p.temperature * p.time_step / 3))) {}

  template <int stage, class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    if constexpr (stage == 0) {
      e.scratch[0] = e.x;
      e.scratch[1] = e.gradient;
      e.x = e.x + fma(part_of_zeta, e.xi[1], fma(part_of_xi, e.xi[0], R(-0.75) * h * e.gradient));
    } else {
      e.x = e.scratch[0] + fma(amplitude, e.xi[0], -third_of_h * (e.scratch[1] + (e.gradient + e.gradient)));
    }
  }

  /// The virial theorem of the Gibbs density, <x g> = T.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    return e.x * e.gradient;
  }
};

}  // namespace kramers::sde
