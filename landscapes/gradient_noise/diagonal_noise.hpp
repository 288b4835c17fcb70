#pragma once

#include "landscapes/dual.hpp"
#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "sde/pack.hpp"

namespace kramers::landscapes {

/// Diagonal noise of a given variance. Variance: coordinates_of(i), those that C_ii depends on, is_common(), whether
/// all C_ii are one function, and variance<N>(i, coordinate) = C_ii for any number type, coordinate(j) being theta_j.
/// Where a variance is not positive there is no noise.
template <class Variance, sde::Real R>
class DiagonalShape final : public sde::BlockNoise<R> {
  using P = sde::Pack<R>;
  static constexpr int lanes = sde::block_lanes;

 public:
  DiagonalShape(const Variance& variance, int dim, double reference)
      : variance_(variance), dim_(dim), scale_(R(1 / reference)) {}

  void shape(const R* theta, int each, R* xi) const override {
    for (int lane = 0; lane < lanes; lane += P::lanes) {
      P b;
      for (int i = 0; i < dim_; ++i) {
        if (i == 0 || !variance_.is_common()) b = sqrt(relative(theta, i, lane));
        for (int k = 0; k < each; ++k) {
          R* number = xi + (i * each + k) * lanes + lane;
          (b * P::load(number)).store(number);
        }
      }
    }
  }

  void subtract_divergence(const R* theta, R factor, R* gradient) const override {
    for (int i = 0; i < dim_; ++i)
      if (depends_on_itself(i))
        for (int lane = 0; lane < lanes; lane += P::lanes) {
          R* g = gradient + i * lanes + lane;
          fma(P(-factor), slope_at(theta, i, lane), P::load(g)).store(g);
        }
  }

  void diagonal(const R* theta, R* b, R* slope) const override {
    for (int i = 0; i < dim_; ++i)
      for (int lane = 0; lane < lanes; lane += P::lanes) {
        sqrt(relative(theta, i, lane)).store(b + i * lanes + lane);
        (depends_on_itself(i) ? slope_at(theta, i, lane) : P(R(0))).store(slope + i * lanes + lane);
      }
  }

 private:
  P relative(const R* theta, int i, int lane) const {
    const auto coordinate = [&](int j) { return P::load(theta + j * lanes + lane); };
    return max(P(scale_) * variance_.template variance<P>(i, coordinate), P(R(0)));
  }
  /// dA_ii / d theta_i
  P slope_at(const R* theta, int i, int lane) const {
    const auto coordinate = [&](int j) { return Dual<P>(P::load(theta + j * lanes + lane), P(R(j == i ? 1 : 0))); };
    return P(scale_) * variance_.template variance<Dual<P>>(i, coordinate).slope;
  }
  bool depends_on_itself(int i) const {
    const auto& coordinates = variance_.coordinates_of(i);
    return std::find(coordinates.begin(), coordinates.end(), i) != coordinates.end();
  }

  Variance variance_;
  int dim_;
  R scale_;
};

template <class Variance>
class DiagonalNoise final : public GradientNoiseOf<DiagonalNoise<Variance>> {
 public:
  DiagonalNoise(const Variance& variance, int dim) : variance_(variance), dim_(dim) {}

  sde::NoiseStructure structure() const override {
    for (int i = 0; i < dim_; ++i)
      for (int j : variance_.coordinates_of(i))
        if (j != i) return sde::NoiseStructure::general;
    return sde::NoiseStructure::diagonal;
  }

  double mean_variance(const Point& theta) const override {
    double sum = 0;
    for (int i = 0; i < dim_; ++i) sum += variance_.template variance<double>(i, [&](int j) { return theta[j]; });
    return sum / dim_;
  }

  template <sde::Real R>
  std::shared_ptr<const sde::BlockNoise<R>> block(const NoiseScale& scale) const {
    return std::make_shared<DiagonalShape<Variance, R>>(variance_, dim_, scale.reference);
  }

 private:
  Variance variance_;
  int dim_;
};

}  // namespace kramers::landscapes
