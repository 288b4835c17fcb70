#pragma once

#include "landscapes/gradient_noise/gradient_noise.hpp"

namespace kramers::landscapes {

/// C = sigma^2 I: schemes need no shape.
class IsotropicNoise final : public GradientNoiseOf<IsotropicNoise> {
 public:
  explicit IsotropicNoise(double sigma) : sigma_(sigma) {}
  sde::NoiseStructure structure() const override { return sde::NoiseStructure::isotropic; }
  double mean_variance(const Point&) const override { return sigma_ * sigma_; }
  double constant_variance(int) const override { return sigma_ * sigma_; }

  template <sde::Real R>
  std::shared_ptr<const sde::BlockNoise<R>> block(const NoiseScale&) const {
    return nullptr;
  }

 private:
  double sigma_;
};

}  // namespace kramers::landscapes
