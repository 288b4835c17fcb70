#pragma once

#include <cstdint>

#include "sde/random/noise.hpp"

namespace kramers::sde {

/// How the covariance of the noise depends on where a trajectory is. Each kind is harder on a scheme than the one
/// before.
enum class NoiseStructure {
  isotropic,     // C = sigma^2 I
  additive,      // C constant
  diagonal,      // C diagonal, C_ii a function of theta_i
  general,       // C a function of theta
  not_gaussian,  // isotropic in covariance, but in nothing else
  heavy_tailed,  // no covariance: stable noise
};

constexpr bool depends_on_theta(NoiseStructure noise) {
  return noise == NoiseStructure::diagonal || noise == NoiseStructure::general;
}

/// The noise of one minibatch gradient as the ensemble sees it, where it is not isotropic: in the equation
///
///     d theta = -grad L dt + sqrt(2 T) B(theta) dW,   B B^T = A = C(theta) / sigma^2
///
/// T and sigma^2 are reference values, so that A is of order 1. One virtual call for a whole block. Const and thread
/// safe.
template <Real R>
class BlockNoise {
 public:
  virtual ~BlockNoise() = default;

  /// What dW is made of: rows of a trajectory's independent numbers, as sde::normals makes them.
  virtual void numbers(const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number, int count,
                       R* out) const {
    normals<R>(stream, first_trajectory, first_number, count, out);
  }

  /// xi := B(theta) xi for each of the `each` numbers of a coordinate: number k of coordinate i is row i * each + k.
  virtual void shape(const R* theta, int each, R* xi) const = 0;

  /// gradient_i -= factor sum_j dA_ij / d theta_j, which turns one calculus into another. A constant has none.
  virtual void subtract_divergence([[maybe_unused]] const R* theta, [[maybe_unused]] R factor,
                                   [[maybe_unused]] R* gradient) const {}

  /// Diagonal noise alone: b_i = sqrt(A_ii) and slope_i = dA_ii / d theta_i.
  virtual void diagonal([[maybe_unused]] const R* theta, [[maybe_unused]] R* b, [[maybe_unused]] R* slope) const {}
};

}  // namespace kramers::sde
