#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Roessler's SRI1W1 for d x = f dt + G(x) dW with f = -grad L, G = sqrt(2 T) b, coordinate by coordinate, G_i a
/// function of x_i. With I10 = h sqrt(h) (xi + zeta / sqrt(3)) / 2:
///
///     y2 = x + 3/4 h f(x) + 3/2 (I10 / h) G1              G1 = G(x)
///     z2 = x + 1/4 h f(x) + 1/2 sqrt(h) G1                G2 = G(z2)
///     z3 = x +     h f(x) -     sqrt(h) G1                G3 = G(z3)
///     z4 = x + 1/4 h f(x) + sqrt(h) (-5 G1 + 3 G2 + G3/2) G4 = G(z4)
///     x' = x + h (f(x) + 2 f(y2)) / 3 + sum_i c_i G_i
///
/// where c_i = beta1_i sqrt(h) xi + beta2_i sqrt(h) (xi^2 - 1) / 2 + beta3_i I10 / h + beta4_i sqrt(h) (xi^3 - 3 xi) /
/// 6 and beta1 = (-1, 4/3, 2/3, 0), beta2 = (-1, 4/3, -1/3, 0), beta3 = (2, -4/3, -2/3, 0), beta4 = (-2, 5/3, -2/3, 1).
/// Strong order 3/2, weak order 2. Unstable from h lambda_max = 2.
/// Roessler, SIAM J. Numer. Anal. 2010, 48, 922, table 6.1.
template <class R>
struct Sri1w1 : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "sri1w1",
      .summary = "paths of strong order 3/2 for noise that depends on theta",
      .equation =
          "x' = x + h (f(x) + 2 f(y2)) / 3 + sum_i c_i G(z_i), f = -g, G = sqrt(2 T) b, y2, z_i and c_i as in the "
          "source",
      .noise = ValidNoise::diagonal,
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
  static constexpr bool multiplicative = true;
  static constexpr int scratch = 6;  // x, h g(x), h g(y2), and sqrt(h) G1, G2, G3
  static constexpr int stages = 5;   // at x, y2, z2, z3, z4
  static constexpr bool takes_gradient(int stage) { return stage < 2; }

  R h, amplitude, root_of_third;

  explicit Sri1w1(const SchemeParameters& p)
      : h(R(p.time_step)), amplitude(R(sqrt(2 * p.temperature * p.time_step))), root_of_third(R(sqrt(1.0 / 3))) {}

  template <int stage, class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    auto& [x, g, g2, G1, G2, G3] = e.scratch;
    const auto I10 = R(0.5) * fma(root_of_third, e.xi[1], e.xi[0]);  // over h sqrt(h)
    if constexpr (stage == 0) {
      x = e.x;
      g = h * e.gradient;
      G1 = amplitude * e.b;
      e.x = x + fma(R(1.5) * I10, G1, R(-0.75) * g);
    } else if constexpr (stage == 1) {
      g2 = h * e.gradient;
      e.x = x + fma(R(0.5), G1, R(-0.25) * g);
    } else if constexpr (stage == 2) {
      G2 = amplitude * e.b;
      e.x = x - (g + G1);
    } else if constexpr (stage == 3) {
      G3 = amplitude * e.b;
      e.x = x + fma(R(-5), G1, fma(R(3), G2, fma(R(0.5), G3, R(-0.25) * g)));
    } else {
      const auto G4 = amplitude * e.b;
      const auto xi = e.xi[0];
      const auto I11 = R(0.5) * fma(xi, xi, R(-1));              // over h
      const auto I111 = R(1.0 / 6) * (xi * fma(xi, xi, R(-3)));  // over h sqrt(h)
      const auto third = R(1.0 / 3);
      const auto c1 = R(2) * I10 - xi - I11 - R(2) * I111;
      const auto c2 = third * (R(4) * (xi + I11 - I10) + R(5) * I111);
      const auto c3 = third * (R(2) * (xi - I10 - I111) - I11);
      const auto pushed = fma(c1, G1, fma(c2, G2, fma(c3, G3, I111 * G4)));
      e.x = x + fma(-third, fma(R(2), g2, g), pushed);
    }
  }

  /// The virial theorem of the Gibbs density, <x g> = T.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    return e.x * e.gradient;
  }
};

}  // namespace kramers::sde
