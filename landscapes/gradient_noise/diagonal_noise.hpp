#pragma once

#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/dual.hpp"
#include "sde/numbers/pack.hpp"

namespace kramers::landscapes {

/// Diagonal noise of a given variance, for any number type. Variance: depends_on(i, j), whether C_ii depends on
/// theta_j, depends_on_others(i, d), whether on any but theta_i of d, is_common(), whether all C_ii are one function,
/// and variance<N>(i, coordinate) = C_ii, coordinate(j) being theta_j. Where a variance is not positive there is no
/// noise.
template <class Variance, sde::Real R>
struct DiagonalForm {
  Variance variance;
  int dim;
  R scale;  // A = scale C

  /// b_i = sqrt(A_ii)
  template <class N, class X>
  KRAMERS_HOST_DEVICE N deviation(int i, const X& coordinate) const {
    return sqrt(max(N(scale) * variance.template variance<N>(i, coordinate), N(R(0))));
  }

  /// dA_ii / d theta_i
  template <class N, class X>
  KRAMERS_HOST_DEVICE N slope(int i, const X& coordinate) const {
    const auto moved = [&](int j) { return Dual<N>(coordinate(j), N(R(j == i ? 1 : 0))); };
    return N(scale) * variance.template variance<Dual<N>>(i, moved).slope;
  }

  template <int each, int capacity>
  KRAMERS_HOST_DEVICE void shape(const R (&x)[capacity], R (&xi)[each][capacity]) const {
    const auto coordinate = [&](int j) { return x[j]; };
    R b = R(0);
    for_each_index<R[capacity]>(dim, [&](int i) {
      if (i == 0 || !variance.is_common()) b = deviation<R>(i, coordinate);
      for (int k = 0; k < each; ++k) xi[k][i] = b * xi[k][i];
    });
  }

  template <int capacity>
  KRAMERS_HOST_DEVICE void subtract_divergence(const R (&x)[capacity], R factor, R (&gradient)[capacity]) const {
    const auto coordinate = [&](int j) { return x[j]; };
    for_each_index<R[capacity]>(dim, [&](int i) {
      if (variance.depends_on(i, i)) gradient[i] = fma(-factor, slope<R>(i, coordinate), gradient[i]);
    });
  }
};

template <class Variance, sde::Real R>
class DiagonalShape final : public sde::BlockNoise<R> {
  using P = sde::Pack<R>;
  static constexpr int lanes = sde::block_lanes;

 public:
  DiagonalShape(const Variance& variance, int dim, double reference) : form_{variance, dim, R(1 / reference)} {}

  const DiagonalForm<Variance, R>& form() const { return form_; }

  void shape(const R* theta, int each, R* xi) const override {
    for (int lane = 0; lane < lanes; lane += P::lanes) {
      P b;
      for (int i = 0; i < form_.dim; ++i) {
        if (i == 0 || !form_.variance.is_common()) b = deviation(theta, i, lane);
        for (int k = 0; k < each; ++k) {
          R* number = xi + (i * each + k) * lanes + lane;
          (b * P::load(number)).store(number);
        }
      }
    }
  }

  void subtract_divergence(const R* theta, R factor, R* gradient) const override {
    for (int i = 0; i < form_.dim; ++i)
      if (form_.variance.depends_on(i, i))
        for (int lane = 0; lane < lanes; lane += P::lanes) {
          R* g = gradient + i * lanes + lane;
          fma(P(-factor), slope(theta, i, lane), P::load(g)).store(g);
        }
  }

  void diagonal(const R* theta, R* b, R* slope) const override {
    for (int i = 0; i < form_.dim; ++i)
      for (int lane = 0; lane < lanes; lane += P::lanes) {
        deviation(theta, i, lane).store(b + i * lanes + lane);
        const bool has_slope = form_.variance.depends_on(i, i);
        (has_slope ? this->slope(theta, i, lane) : P(R(0))).store(slope + i * lanes + lane);
      }
  }

 private:
  static auto coordinates(const R* theta, int lane) {
    return [=](int j) { return P::load(theta + j * lanes + lane); };
  }
  P deviation(const R* theta, int i, int lane) const {
    return form_.template deviation<P>(i, coordinates(theta, lane));
  }
  P slope(const R* theta, int i, int lane) const { return form_.template slope<P>(i, coordinates(theta, lane)); }

  const DiagonalForm<Variance, R> form_;
};

template <class Variance>
class DiagonalNoise final : public GradientNoiseOf<DiagonalNoise<Variance>> {
 public:
  DiagonalNoise(const Variance& variance, int dim) : variance_(variance), dim_(dim) {}

  sde::NoiseStructure structure() const override {
    for (int i = 0; i < dim_; ++i)
      if (variance_.depends_on_others(i, dim_)) return sde::NoiseStructure::general;
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
