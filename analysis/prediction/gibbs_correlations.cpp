#include "analysis/prediction/gibbs_correlations.hpp"

#include <Eigen/Cholesky>

#include "analysis/prediction/gibbs.hpp"

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

MatrixXd correlations(const MatrixXd& covariance) {
  const VectorXd scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
  return scale.asDiagonal() * covariance * scale.asDiagonal();
}

std::optional<MatrixXd> hessian_of_quadratic(const landscapes::Landscape& landscape) {
  if (landscape.minima().size() != 1) return std::nullopt;
  const landscapes::Point& at = landscape.minima()[0].at;
  const MatrixXd hessian = landscape.hessian(at);
  for (const double away : {-3.7, 0.31, 11.0})
    if (!landscape.hessian(at + VectorXd::LinSpaced(at.size(), away, 2 * away)).isApprox(hessian, 1e-12))
      return std::nullopt;
  return hessian;
}

bool is_integrated(const landscapes::Landscape& landscape) { return landscape.dim() == 2 && landscape.confining(); }

}  // namespace

bool has_gibbs_correlations(const landscapes::Landscape& landscape) {
  if (landscape.separable()) return true;
  if (const auto hessian = hessian_of_quadratic(landscape))
    return Eigen::LLT<MatrixXd>(*hessian).info() == Eigen::Success;
  return is_integrated(landscape);
}

std::optional<MatrixXd> gibbs_correlations(const landscapes::Landscape& landscape, double temperature) {
  const int d = landscape.dim();
  if (landscape.separable()) return MatrixXd::Identity(d, d);
  if (const auto hessian = hessian_of_quadratic(landscape)) {
    const Eigen::LLT<MatrixXd> factor(*hessian);
    if (factor.info() != Eigen::Success) return std::nullopt;
    return correlations(factor.solve(MatrixXd::Identity(d, d)));
  }
  if (!is_integrated(landscape)) return std::nullopt;
  double total = 0;
  VectorXd first = VectorXd::Zero(2);
  MatrixXd second = MatrixXd::Zero(2, 2);
  visit_gibbs(landscape, temperature, {}, [&](const landscapes::Point& theta, double mass) {
    total += mass;
    first += mass * theta;
    second += mass * theta * theta.transpose();
  });
  first /= total;
  return correlations(second / total - first * first.transpose());
}

}  // namespace kramers::analysis
