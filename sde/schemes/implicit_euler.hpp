#pragma once

#include <memory>
#include <vector>

#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// Drift-implicit Euler for d x = -grad L dt + sqrt(2 T) B(x) dW:
///
///     x' = x - h g(x') + sqrt(2 T h) B(x) xi
///
/// solved by Newton's iteration with exact Hessians. Damps what is stiff: no positive curvature makes it diverge.
/// Strong order 1 for additive noise (1/2 otherwise), weak order 1, stationary law biased by O(h), variance
/// (T / k) / (1 + k h / 2) on a quadratic. Where h times a negative curvature comes near -1 the equation may have
/// several solutions or none.
/// Kloeden & Platen 1992, section 12.2.
template <Real R>
class ImplicitEuler final : public BlockScheme<R> {
 public:
  static constexpr SchemeFacts own_facts{
      .name = "implicit-euler",
      .summary = "stable on stiff landscapes at any step; first order",
      .equation = "x' = x - h g(x') + sqrt(2 T h) B(x) xi",
      .noise = ValidNoise::any,
      .strong_order = 1,
      .weak_order = 1,
      .multiplicative_strong_order = 0.5,
      .invariant_order = 1,
      .needs_hessian = true,
      .most_dimensions = 100,  // a system of equations a step and trajectory
      .unstable_from = never_unstable,
      .source = "Kloeden & Platen 1992, section 12.2",
  };

  ImplicitEuler(const SchemeParameters& p, std::shared_ptr<const BlockNoise<R>> noise);

  const SchemeFacts& facts() const override { return own_facts; }
  const BlockNoise<R>* noise() const override { return noise_.get(); }
  int extra_rows(int) const override { return 0; }
  int scratch_rows() const override { return 4; }  // gradient, sqrt(2 T h) B(x) xi, x and x' - x
  void start(const BlockLandscape<R>&, const R*, R*, R*) const override {}
  void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* extra,
               R* scratch) const override;
  /// E |x' + h g(x')|^2 = E |x|^2 + 2 T h d at stationarity: <x g> + (h/2) <g^2> = T for each coordinate, at any h.
  void temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* extra,
                    R* scratch, double* estimates) const override;

 private:
  /// x' = x + step, for a step may be short beside x.
  struct Sought {
    R *from, *step, *theta;  // x, the step that is sought, and x'
  };
  /// The solution of step + h g(x + step) = push, from step = 0.
  void solve(const BlockLandscape<R>& landscape, const R* push, const Sought& sought, R* gradient) const;
  void solve_on_line(const BlockLandscape<R>& landscape, const R* push, const Sought& sought, R* gradient) const;

  R h_, amplitude_, drift_;
  std::shared_ptr<const BlockNoise<R>> noise_;
};

}  // namespace kramers::sde
