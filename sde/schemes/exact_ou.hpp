#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// The Ornstein-Uhlenbeck process as it is, on quadratics alone: for d x = -H (x - c) dt + sqrt(2 T) B dW
///
///     x' = c + E (x - c) + F xi,   E = exp(-H h),   F F^T = S - E S E,   H S + S H = 2 T B B^T
///
/// No error of the time step. For isotropic noise S = T H^-1.
/// Gardiner, Handbook of Stochastic Methods (2nd ed.), section 4.4; Gillespie, Phys. Rev. E 1996, 54, 2084.
template <Real R>
class ExactOu final : public BlockScheme<R> {
 public:
  static constexpr SchemeFacts own_facts{
      .name = "exact-ou",
      .summary = "quadratics alone, without any error of the time step",
      .equation = "x' = c + E (x - c) + F xi, E = exp(-H h), F F^T = S - E S E, H S + S H = 2 T B B^T",
      .noise = ValidNoise::additive,
      .strong_order = unbounded_order,
      .weak_order = unbounded_order,
      .invariant_order = unbounded_order,
      .quadratic_alone = true,
      .most_dimensions = 300,  // eigenvectors, and a product with a matrix a step
      .unstable_from = never_unstable,
      .source =
          "Gardiner, Handbook of Stochastic Methods (2nd ed.), section 4.4; Gillespie, Phys. Rev. E 1996, 54, 2084",
  };

  /// Throws std::invalid_argument unless p.quadratic is set, with a positive definite Hessian.
  ExactOu(const SchemeParameters& p, std::shared_ptr<const BlockNoise<R>> noise);

  const SchemeFacts& facts() const override { return own_facts; }
  const BlockNoise<R>* noise() const override { return nullptr; }  // its shape is in F
  int extra_rows(int) const override { return 0; }
  int scratch_rows() const override { return 1; }
  void start(const BlockLandscape<R>&, const R*, R*, R*) const override {}
  void advance(const BlockLandscape<R>& landscape, int count, const R* normals, R* theta, R* extra,
               R* scratch) const override;
  /// The virial theorem, <x g> = T, exact on quadratics.
  void temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R* extra,
                    R* scratch, double* estimates) const override;

 private:
  int dim_;
  std::vector<R> center_, change_, factor_;  // c, E - I and F, row after row
};

}  // namespace kramers::sde
