#pragma once

#include <limits>
#include <memory>
#include <optional>

#include "landscapes/model/landscape.hpp"
#include "sde/block_noise.hpp"

namespace kramers::landscapes {

/// Symmetric alpha-stable noise of one example's gradient: characteristic function exp(-|scale u|^alpha).
struct StableTail {
  double alpha, scale;
};

/// What turns the noise of one example's gradient into that of a step.
struct NoiseScale {
  double reference;   // A = C / reference [gradient^2]
  double batch_size;  // S
};

/// The covariance C(theta) [gradient^2] of one example's gradient. Const and thread safe.
class GradientNoise {
 public:
  virtual ~GradientNoise() = default;

  virtual sde::NoiseStructure structure() const = 0;
  /// Tr C / d; NaN where there is no covariance.
  virtual double mean_variance(const Point& theta) const = 0;
  /// C_ii of coordinate i; NaN unless C is constant.
  virtual double constant_variance([[maybe_unused]] int i) const { return std::numeric_limits<double>::quiet_NaN(); }
  /// Is sum_j dC_ij / d theta_j known, which another calculus than the scheme's own needs?
  virtual bool has_divergence() const { return true; }
  /// Set where tails are heavy.
  virtual std::optional<StableTail> tail() const { return {}; }

  /// The largest batch that it can be made for.
  virtual double largest_batch() const { return std::numeric_limits<double>::infinity(); }

  virtual std::shared_ptr<const sde::BlockNoise<double>> block_double(const NoiseScale& scale) const = 0;
  virtual std::shared_ptr<const sde::BlockNoise<float>> block_single(const NoiseScale& scale) const = 0;
};

template <sde::Real R>
std::shared_ptr<const sde::BlockNoise<R>> block_of(const GradientNoise& noise, const NoiseScale& scale) {
  if constexpr (sizeof(R) == 8)
    return noise.block_double(scale);
  else
    return noise.block_single(scale);
}

/// Blocks in both precisions by Derived::template block<R>(scale).
template <class Derived>
class GradientNoiseOf : public GradientNoise {
 public:
  std::shared_ptr<const sde::BlockNoise<double>> block_double(const NoiseScale& scale) const override {
    return static_cast<const Derived&>(*this).template block<double>(scale);
  }
  std::shared_ptr<const sde::BlockNoise<float>> block_single(const NoiseScale& scale) const override {
    return static_cast<const Derived&>(*this).template block<float>(scale);
  }
};

}  // namespace kramers::landscapes
