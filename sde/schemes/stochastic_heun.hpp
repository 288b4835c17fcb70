#pragma once

#include "sde/schemes/pointwise.hpp"

namespace kramers::sde {

/// Heun's scheme for d x = -grad L dt + sqrt(2 T) dW:
///
///     y  = x - h g(x) + sqrt(2 T h) B(x) xi
///     x' = x - h (g(x) + g(y)) / 2 + sqrt(2 T h) (B(x) + B(y)) xi / 2
///
/// Converges to the Stratonovich solution, which for additive noise (B = 1) is the Ito solution too: strong order 1,
/// weak order 2, stationary law biased by O(h^2); for noise that depends on x strong order 1/2 in general, 1 in one
/// dimension. Unstable from h lambda_max = 2.
/// Rumelin, SIAM J. Numer. Anal. 1982, 19, 604; Kloeden & Platen 1992, section 15.1.
template <class R>
struct StochasticHeun : Pointwise {
  static constexpr SchemeFacts facts{
      .name = "stochastic-heun",
      .summary = "predictor and corrector; second order in law, Stratonovich",
      .equation =
          "y = x - h g(x) + sqrt(2 T h) B(x) xi,  x' = x - h (g(x) + g(y)) / 2 + sqrt(2 T h) (B(x) + B(y)) xi / 2",
      .calculus = 0.5,
      .noise = ValidNoise::gaussian,
      .strong_order = 1,
      .weak_order = 2,
      .multiplicative_strong_order = 0.5,
      .invariant_order = 2,
      .exact_temperature = false,
      .gradients = 2,
      .unstable_from = explicit_limit,
      .source = "Rumelin, SIAM J. Numer. Anal. 1982, 19, 604; Kloeden & Platen 1992, section 15.1",
  };
  static constexpr int scratch = 3;  // x, g(x) and B(x) xi

  R h, amplitude;

  explicit StochasticHeun(const SchemeParameters& p)
      : h(R(p.time_step)), amplitude(R(sqrt(2 * p.temperature * p.time_step))) {}

  template <int stage, class Element>
  KRAMERS_HOST_DEVICE void move(Element& e) const {
    if constexpr (stage == 0) {
      e.scratch[0] = e.x;
      e.scratch[1] = e.gradient;
      e.scratch[2] = e.xi[0];
      e.x = e.x + fma(amplitude, e.xi[0], -h * e.gradient);
    } else {
      e.x = e.scratch[0] + fma(amplitude / 2, e.scratch[2] + e.xi[0], -h / 2 * (e.scratch[1] + e.gradient));
    }
  }

  /// The virial theorem of the Gibbs density, <x g> = T.
  template <class Element>
  KRAMERS_HOST_DEVICE double temperature(const Element& e) const {
    return e.x * e.gradient;
  }
};

}  // namespace kramers::sde
