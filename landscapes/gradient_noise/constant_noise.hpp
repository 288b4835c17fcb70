#pragma once

#include <Eigen/Core>
#include <vector>

#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/numbers.hpp"
#include "sde/numbers/pack.hpp"

namespace kramers::landscapes {

/// xi := B xi with a constant matrix B of d rows and columns, row after row. A view.
template <sde::Real R>
struct ConstantForm {
  int dim;
  const R* b;

  template <class F>
  void each_view(F f) {
    f(b, dim * dim);
  }

  template <int each, int capacity>
  KRAMERS_HOST_DEVICE void shape(const R (&)[capacity], R (&xi)[each][capacity]) const {
    for (int k = 0; k < each; ++k) {
      R column[capacity];
      for_each_index<R[capacity]>(dim, [&](int j) { column[j] = xi[k][j]; });
      for_each_index<R[capacity]>(dim, [&](int i) {
        R sum = R(0);
        for_each_index<R[capacity]>(dim, [&](int j) {
          if (b[i * dim + j] != 0) sum = fma(b[i * dim + j], column[j], sum);
        });
        xi[k][i] = sum;
      });
    }
  }

  template <int capacity>
  KRAMERS_HOST_DEVICE void subtract_divergence(const R (&)[capacity], R, R (&)[capacity]) const {}
};

template <sde::Real R>
class ConstantShape final : public sde::BlockNoise<R> {
  using P = sde::Pack<R>;

 public:
  /// Columns beyond the last are zero.
  explicit ConstantShape(const Eigen::MatrixXd& b) : dim_(int(b.rows())), b_(std::size_t(dim_) * dim_) {
    for (int i = 0; i < dim_; ++i)
      for (int j = 0; j < b.cols(); ++j) b_[i * dim_ + j] = R(b(i, j));
  }

  void shape(const R*, int each, R* xi) const override {
    thread_local std::vector<P> column;
    column.resize(dim_);
    for (int k = 0; k < each; ++k)
      for (int lane = 0; lane < sde::block_lanes; lane += P::lanes) {
        const auto at = [&](int row) { return xi + (row * each + k) * sde::block_lanes + lane; };
        for (int j = 0; j < dim_; ++j) column[j] = P::load(at(j));
        for (int i = 0; i < dim_; ++i) {
          P sum(R(0));
          for (int j = 0; j < dim_; ++j)
            if (const R b = b_[i * dim_ + j]; b != 0) sum = fma(P(b), column[j], sum);
          sum.store(at(i));
        }
      }
  }

  ConstantForm<R> form() const { return {dim_, b_.data()}; }

 private:
  int dim_;
  std::vector<R> b_;
};

/// C = F F^T, the same everywhere.
class ConstantNoise final : public GradientNoiseOf<ConstantNoise> {
 public:
  /// `factor`: d rows and at most as many columns.
  explicit ConstantNoise(const Eigen::MatrixXd& factor) : factor_(factor) {}

  sde::NoiseStructure structure() const override { return sde::NoiseStructure::additive; }
  double mean_variance(const Point&) const override { return factor_.squaredNorm() / double(factor_.rows()); }
  double constant_variance(int i) const override { return factor_.row(i).squaredNorm(); }

  template <sde::Real R>
  std::shared_ptr<const sde::BlockNoise<R>> block(const NoiseScale& scale) const {
    return std::make_shared<ConstantShape<R>>(factor_ / std::sqrt(scale.reference));
  }

 private:
  Eigen::MatrixXd factor_;
};

}  // namespace kramers::landscapes
