#pragma once

#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "sde/random/rademacher.hpp"

namespace kramers::landscapes {

/// Means of a minibatch's signs, times the root of its size.
template <sde::Real R>
class RademacherShape final : public sde::BlockNoise<R> {
 public:
  explicit RademacherShape(int batch_size) : batch_size_(batch_size) {}
  void numbers(const sde::Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number, int count,
               R* out) const override {
    sde::rademacher_means<R>(batch_size_, stream, first_trajectory, first_number, count, out);
  }
  void shape(const R*, int, R*) const override {}

 private:
  int batch_size_;
};

/// One example's gradient is off by +sigma or -sigma in each coordinate: C = sigma^2 I, but far from Gaussian.
class RademacherNoise final : public GradientNoiseOf<RademacherNoise> {
 public:
  explicit RademacherNoise(double sigma) : sigma_(sigma) {}
  sde::NoiseStructure structure() const override { return sde::NoiseStructure::not_gaussian; }
  double mean_variance(const Point&) const override { return sigma_ * sigma_; }
  double constant_variance(int) const override { return sigma_ * sigma_; }
  double largest_batch() const override { return sde::largest_rademacher_batch; }

  template <sde::Real R>
  std::shared_ptr<const sde::BlockNoise<R>> block(const NoiseScale& scale) const {
    return std::make_shared<RademacherShape<R>>(int(scale.batch_size));
  }

 private:
  double sigma_;
};

}  // namespace kramers::landscapes
