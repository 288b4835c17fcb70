#pragma once

#include <Eigen/Eigenvalues>
#include <vector>

#include "landscapes/gradient_noise/gradient_noise.hpp"

namespace kramers::landscapes {

/// xi := (s H_+(theta))^(1/2) xi, the symmetric root of the positive part of the Hessian.
template <sde::Real R>
class HessianShape final : public sde::BlockNoise<R> {
  static constexpr int lanes = sde::block_lanes;

 public:
  HessianShape(std::shared_ptr<const Landscape> landscape, double scale)
      : landscape_(std::move(landscape)),
        hessian_(*block_of<R>(*landscape_).hessian()),
        dim_(landscape_->dim()),
        scale_(scale) {}

  void shape(const R* theta, int each, R* xi) const override {
    thread_local std::vector<R> hessian;
    hessian.resize(std::size_t(dim_) * dim_ * lanes);
    hessian_.of(theta, hessian.data());
    if (dim_ == 1)
      in_one_dimension(hessian.data(), each, xi);
    else
      in_several(hessian.data(), each, xi);
  }

 private:
  void in_one_dimension(const R* hessian, int each, R* xi) const {
    for (int lane = 0; lane < lanes; ++lane) {
      const R b = sde::sqrt(sde::max(R(scale_) * hessian[lane], R(0)));
      for (int k = 0; k < each; ++k) xi[k * lanes + lane] = b * xi[k * lanes + lane];
    }
  }

  void in_several(const R* hessian, int each, R* xi) const {
    Eigen::MatrixXd h(dim_, dim_);
    Eigen::VectorXd column(dim_);
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dim_);
    for (int lane = 0; lane < lanes; ++lane) {
      for (int i = 0; i < dim_; ++i)
        for (int j = 0; j < dim_; ++j) h(i, j) = hessian[(i * dim_ + j) * lanes + lane];
      if (!h.allFinite()) continue;  // a padding lane, or one that has diverged
      solver.compute(h);
      const Eigen::VectorXd root = (scale_ * solver.eigenvalues()).cwiseMax(0).cwiseSqrt();
      for (int k = 0; k < each; ++k) {
        for (int i = 0; i < dim_; ++i) column[i] = xi[(i * each + k) * lanes + lane];
        column = solver.eigenvectors() * root.cwiseProduct(solver.eigenvectors().transpose() * column);
        for (int i = 0; i < dim_; ++i) xi[(i * each + k) * lanes + lane] = R(column[i]);
      }
    }
  }

  std::shared_ptr<const Landscape> landscape_;  // owns the Hessian
  const sde::BlockHessian<R>& hessian_;
  int dim_;
  double scale_;
};

/// C = scale H_+(theta): the covariance of a log-likelihood loss near its minima.
class HessianNoise final : public GradientNoiseOf<HessianNoise> {
 public:
  HessianNoise(std::shared_ptr<const Landscape> landscape, double scale)
      : landscape_(std::move(landscape)), scale_(scale) {}

  sde::NoiseStructure structure() const override { return sde::NoiseStructure::general; }
  bool has_divergence() const override { return false; }  // third derivatives
  double mean_variance(const Point& theta) const override {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(landscape_->hessian(theta), Eigen::EigenvaluesOnly);
    return scale_ * solver.eigenvalues().cwiseMax(0).sum() / landscape_->dim();
  }

  template <sde::Real R>
  std::shared_ptr<const sde::BlockNoise<R>> block(const NoiseScale& scale) const {
    return std::make_shared<HessianShape<R>>(landscape_, scale_ / scale.reference);
  }

 private:
  std::shared_ptr<const Landscape> landscape_;
  double scale_;
};

}  // namespace kramers::landscapes
