#include "sde/schemes/exact_ou.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kramers::sde {

namespace {

/// B from its images of the axes.
template <Real R>
Eigen::MatrixXd shape_of(const BlockNoise<R>* noise, int dim) {
  Eigen::MatrixXd b = Eigen::MatrixXd::Identity(dim, dim);
  if (!noise) return b;
  std::vector<R> theta(std::size_t(dim) * block_lanes), xi(theta.size());
  for (int axis = 0; axis < dim; ++axis) {
    std::fill(xi.begin(), xi.end(), R(0));
    std::fill_n(xi.begin() + axis * block_lanes, block_lanes, R(1));
    noise->shape(theta.data(), 1, xi.data());
    for (int row = 0; row < dim; ++row) b(row, axis) = xi[row * block_lanes];
  }
  return b;
}

template <Real R>
std::vector<R> rows_of(const Eigen::MatrixXd& matrix) {
  std::vector<R> rows;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) rows.push_back(R(matrix(i, j)));
  return rows;
}

}  // namespace

template <Real R>
ExactOu<R>::ExactOu(const SchemeParameters& p, std::shared_ptr<const BlockNoise<R>> noise)
    : dim_(int(p.quadratic.center.size())) {
  if (dim_ == 0) throw std::invalid_argument("exact-ou needs the Hessian and the center of a quadratic");
  const Eigen::Map<const Eigen::MatrixXd> hessian(p.quadratic.hessian.data(), dim_, dim_);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian);
  const Eigen::VectorXd k = solver.eigenvalues();
  const Eigen::MatrixXd& v = solver.eigenvectors();
  if (!(k.minCoeff() > 0)) throw std::invalid_argument("exact-ou needs a positive definite Hessian");

  // In the axes of H: (F F^T)_ij = 2 T (B B^T)_ij (1 - exp(-(k_i + k_j) h)) / (k_i + k_j).
  const Eigen::MatrixXd b = v.transpose() * shape_of(noise.get(), dim_);
  Eigen::MatrixXd added = 2 * p.temperature * b * b.transpose();
  for (int i = 0; i < dim_; ++i)
    for (int j = 0; j < dim_; ++j) added(i, j) *= -std::expm1(-(k[i] + k[j]) * p.time_step) / (k[i] + k[j]);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> root(v * added * v.transpose());

  const Eigen::Map<const Eigen::VectorXd> center(p.quadratic.center.data(), dim_);
  const Eigen::VectorXd change = k.unaryExpr([&](double of_axis) { return std::expm1(-of_axis * p.time_step); });
  center_ = rows_of<R>(center);
  change_ = rows_of<R>(v * change.asDiagonal() * v.transpose());
  factor_ = rows_of<R>(root.eigenvectors() * root.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() *
                       root.eigenvectors().transpose());
}

template <Real R>
void ExactOu<R>::advance(const BlockLandscape<R>&, int count, const R* normals, R* theta, R*, R* away) const {
  const int numbers = dim_ * block_lanes;
  for (int done = 0; done < count; ++done, normals += numbers) {
    for (int row = 0; row < dim_; ++row)
      for (int lane = 0; lane < block_lanes; ++lane)
        away[row * block_lanes + lane] = theta[row * block_lanes + lane] - center_[row];
    for (int row = 0; row < dim_; ++row) {
      alignas(64) R step[block_lanes] = {};
      for (int j = 0; j < dim_; ++j) {
        const R change = change_[row * dim_ + j], factor = factor_[row * dim_ + j];
        for (int lane = 0; lane < block_lanes; ++lane) {
          const int at = j * block_lanes + lane;
          step[lane] = fma(factor, normals[at], fma(change, away[at], step[lane]));
        }
      }
      for (int lane = 0; lane < block_lanes; ++lane) theta[row * block_lanes + lane] += step[lane];
    }
  }
}

template <Real R>
void ExactOu<R>::temperatures(const BlockLandscape<R>& landscape, const double* origin, const R* theta, const R*,
                              R* gradient, double* estimates) const {
  landscape.gradient(theta, gradient);
  for (int row = 0; row < dim_; ++row)
    for (int at = row * block_lanes; at < (row + 1) * block_lanes; ++at)
      estimates[at] = (theta[at] - origin[row]) * gradient[at];
}

template class ExactOu<float>;
template class ExactOu<double>;

}  // namespace kramers::sde
