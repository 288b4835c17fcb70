#pragma once

#include <memory>

#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// The Metropolis-adjusted Langevin algorithm for d x = -grad L dt + sqrt(2 T) dW: a step of Euler-Maruyama is a
/// proposal,
///
///     y = x - h g(x) + sqrt(2 T h) xi
///     x' = y with probability alpha, else x
///     alpha = min(1, exp(-(L(y) - L(x)) / T - (|x - y + h g(y)|^2 - |y - x + h g(x)|^2) / (4 T h)))
///
/// so that the stationary law is exp(-L / T) at any h > 0. A step that is too long shows as a low acceptance, not as a
/// bias: good is 0.57 in many dimensions (Roberts & Rosenthal 1998). A proposal with a loss or gradient that is no
/// number, or too large for one, is rejected. y is accepted iff ln alpha >= -E, E = (z_1^2 + z_2^2) / 2 with two more
/// standard normals z, which is exponential with mean 1.
///
/// Of paths: 1 - alpha is O(h^(3/2)) where L'' is bounded and a rejection loses O(h^(1/2)), so that the strong order is
/// 3/4 and the weak order 1. Under losses steeper than quadratic a start far out may be left too slowly: there every
/// proposal overshoots.
/// A step costs one gradient and one value: those at x are kept.
/// Roberts & Tweedie, Bernoulli 1996, 2, 341; Roberts & Rosenthal, J. R. Stat. Soc. B 1998, 60, 255; Bou-Rabee &
/// Vanden-Eijnden, Comm. Pure Appl. Math. 2010, 63, 655.
template <Real R>
class Mala final : public BlockScheme<R> {
 public:
  static constexpr SchemeFacts own_facts{
      .name = "mala",
      .summary = "Metropolis-adjusted Langevin: the Gibbs density without bias at any step",
      .equation =
          "y = x - h g(x) + sqrt(2 T h) xi; x' = y with probability min(1, exp(-(L(y) - L(x)) / T - "
          "(|x - y + h g(y)|^2 - |y - x + h g(x)|^2) / (4 T h))), else x",
      .strong_order = 0.75,
      .weak_order = 1,
      .invariant_order = unbounded_order,
      .metropolis = true,
      .unstable_from = never_unstable,
      .source =
          "Roberts & Tweedie, Bernoulli 1996, 2, 341; Roberts & Rosenthal, J. R. Stat. Soc. B 1998, 60, 255; "
          "Bou-Rabee & Vanden-Eijnden, Comm. Pure Appl. Math. 2010, 63, 655",
  };

  /// The noise must be isotropic: null.
  Mala(const SchemeParameters& p, const std::shared_ptr<const BlockNoise<R>>& noise);

  const SchemeFacts& facts() const override { return own_facts; }
  const BlockNoise<R>* noise() const override { return nullptr; }
  int extra_rows(int dim) const override { return dim + 2; }  // at x: gradient and loss; and log_acceptance
  int scratch_rows() const override { return 2; }             // y, and the gradient there
  void start(const BlockLandscape<R>& landscape, const R* theta, R* extra, R* scratch) const override;
  void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* extra,
               R* scratch) const override;
  /// The virial theorem, <x g> = T for each coordinate of the Gibbs law.
  void temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* extra,
                    R* scratch, double* estimates) const override;
  const R* log_acceptance(int dim, const R* extra) const override { return extra + (dim + 1) * block_lanes; }

 private:
  R h_, amplitude_, temperature_;
};

}  // namespace kramers::sde
