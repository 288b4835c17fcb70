#pragma once

#include <cmath>
#include <limits>

#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "sde/random/stable.hpp"

namespace kramers::landscapes {

/// Independent symmetric alpha-stable numbers of scale 1 in each coordinate; for alpha = 2 their variance is 2.
template <sde::Real R>
class StableShape final : public sde::BlockNoise<R> {
 public:
  explicit StableShape(double alpha) : alpha_(alpha) {}
  void numbers(const sde::Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number, int count,
               R* out) const override {
    sde::stable_numbers<R>(alpha_, stream, first_trajectory, first_number, count, out);
  }
  void shape(const R*, int, R*) const override {}

 private:
  double alpha_;
};

class StableNoise final : public GradientNoiseOf<StableNoise> {
 public:
  explicit StableNoise(const StableTail& tail) : tail_(tail) {}
  sde::NoiseStructure structure() const override { return sde::NoiseStructure::heavy_tailed; }
  double mean_variance(const Point&) const override { return std::numeric_limits<double>::quiet_NaN(); }
  std::optional<StableTail> tail() const override { return tail_; }

  template <sde::Real R>
  std::shared_ptr<const sde::BlockNoise<R>> block(const NoiseScale&) const {
    return std::make_shared<StableShape<R>>(tail_.alpha);
  }

 private:
  StableTail tail_;
};

}  // namespace kramers::landscapes
