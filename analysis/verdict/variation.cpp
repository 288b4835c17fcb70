#include "analysis/verdict/variation.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace kramers::analysis {

namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

double sign(double x) { return x < 0 ? -1 : 1; }

VectorXd signs(const VectorXd& x) {
  return x.unaryExpr([](double v) { return sign(v); });
}

/// Rows r with r' r = covariance of the mean.
MatrixXd deviations(const MatrixXd& f) {
  const double g = double(f.rows());
  return (f.rowwise() - f.colwise().mean()) / std::sqrt(g * (g - 1));
}

/// The leading principal components of the replicates, as columns over the cells.
MatrixXd principal_components(const MatrixXd& x, int count) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> gram(x * x.transpose());
  return x.transpose() * gram.eigenvectors().rightCols(std::min<Eigen::Index>(count, x.rows()));
}

/// max |X s| over sign vectors that keep `s` where not `free`: s <- sign(X' X s) never descends (|X s| is convex).
/// The starts are `s` itself and, plus and minus, three principal components: where basins exchange, their exchange is
/// the first of them, and no map from cells to basins is needed.
double largest_deviation(const MatrixXd& x, const VectorXd& s, const std::vector<bool>& free) {
  const MatrixXd components = principal_components(x, 3);
  MatrixXd starts(s.size(), 1 + 2 * components.cols());
  starts << s, components, -components;
  for (Eigen::Index k = 0; k < s.size(); ++k)
    for (Eigen::Index i = 1; i < starts.cols(); ++i) starts(k, i) = free[k] ? sign(starts(k, i)) : s[k];

  MatrixXd y = x * starts;
  for (int round = 0; round < 50; ++round) {
    const MatrixXd slope = x.transpose() * y;
    bool changed = false;
    for (Eigen::Index i = 0; i < starts.cols(); ++i)
      for (Eigen::Index k = 0; k < s.size(); ++k)
        if (free[k] && slope(k, i) * starts(k, i) < 0) starts(k, i) = -starts(k, i), changed = true;
    if (!changed) break;
    y.noalias() = x * starts;
  }
  return y.colwise().norm().maxCoeff();
}

/// Everything but the cross-fitted estimate, from d and the deviations x (covariance x' x).
Variation bounds(const VectorXd& d, const MatrixXd& x, int degrees_of_freedom) {
  const VectorXd error = x.colwise().norm();
  std::vector<bool> free(d.size());
  for (Eigen::Index k = 0; k < d.size(); ++k) free[k] = std::abs(d[k]) <= 3 * error[k];
  Variation v{};
  v.plug_in = d.cwiseAbs().sum() / 2;
  v.upper_error = largest_deviation(x, signs(d), free) / 2;
  v.noise_floor = error.sum() / std::sqrt(2 * std::numbers::pi);
  v.degrees_of_freedom = degrees_of_freedom;
  return v;
}

constexpr int most_folds = 10;

/// Sum of the rows of fold i: every folds-th replicate, from i.
VectorXd fold_sum(const MatrixXd& f, int i, int folds) {
  VectorXd sum = VectorXd::Zero(f.cols());
  for (Eigen::Index g = i; g < f.rows(); g += folds) sum += f.row(g);
  return sum;
}

/// y_g = s (f_g - centre) / 2 with the signs s of the fold that g is in.
VectorXd projections(const MatrixXd& f, const VectorXd& centre, const std::vector<VectorXd>& fold_signs) {
  VectorXd y(f.rows());
  for (Eigen::Index g = 0; g < f.rows(); ++g)
    y[g] = fold_signs[g % fold_signs.size()].dot(f.row(g).transpose() - centre) / 2;
  return y;
}

double squared_error_of_mean(const VectorXd& y) {
  const double g = double(y.size());
  return (y.array() - y.mean()).square().sum() / (g * (g - 1));
}

}  // namespace

Variation variation_from(const MatrixXd& fractions, const VectorXd& prediction) {
  const int replicates = int(fractions.rows());
  const VectorXd mean = fractions.colwise().mean();
  Variation v = bounds(mean - prediction, deviations(fractions), replicates - 1);

  const int folds = std::min(most_folds, replicates);
  const VectorXd sum = fractions.colwise().sum();
  std::vector<VectorXd> fold_signs;
  for (int i = 0; i < folds; ++i) {
    const double others = replicates - (replicates - i + folds - 1) / folds;
    fold_signs.push_back(signs(sum - fold_sum(fractions, i, folds) - others * prediction));
  }
  const VectorXd y = projections(fractions, prediction, fold_signs);
  v.cross_fitted = y.mean();
  v.cross_fitted_error = std::sqrt(squared_error_of_mean(y));
  return v;
}

Variation variation_between(const MatrixXd& a, const MatrixXd& b) {
  const VectorXd mean_a = a.colwise().mean(), mean_b = b.colwise().mean();
  MatrixXd x(a.rows() + b.rows(), a.cols());
  x << deviations(a), deviations(b);
  const int fewer = int(std::min(a.rows(), b.rows()));
  Variation v = bounds(mean_a - mean_b, x, fewer - 1);

  const int folds = std::min(most_folds, fewer);
  const auto mean_of_others = [&](const MatrixXd& f, int i) -> VectorXd {
    const double others = double(f.rows() - (f.rows() - i + folds - 1) / folds);
    return (VectorXd(f.colwise().sum()) - fold_sum(f, i, folds)) / others;
  };
  std::vector<VectorXd> fold_signs;
  for (int i = 0; i < folds; ++i) fold_signs.push_back(signs(mean_of_others(a, i) - mean_of_others(b, i)));
  const VectorXd centre = (mean_a + mean_b) / 2;
  const VectorXd y_a = projections(a, centre, fold_signs), y_b = projections(b, centre, fold_signs);
  v.cross_fitted = y_a.mean() - y_b.mean();
  v.cross_fitted_error = std::sqrt(squared_error_of_mean(y_a) + squared_error_of_mean(y_b));
  return v;
}

double largest_error(const MatrixXd& fractions) {
  const Eigen::Index cells = fractions.cols();
  return largest_deviation(deviations(fractions), VectorXd::Ones(cells), std::vector<bool>(cells, true)) / 2;
}

double student_quantile(double alpha, int degrees_of_freedom) {
  return boost::math::quantile(boost::math::complement(boost::math::students_t(degrees_of_freedom), alpha));
}

}  // namespace kramers::analysis
