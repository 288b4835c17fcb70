#include "analysis/statistics/variation.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>

namespace kramers::analysis {

namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

constexpr int fewest_that_see_a_cell = 8;

double sign(double x) { return x < 0 ? -1 : 1; }

VectorXd signs(const VectorXd& x) { return x.unaryExpr(&sign); }

/// Rows r with r' r = covariance of the mean.
MatrixXd deviations(const MatrixXd& f) {
  const double g = double(f.rows());
  return (f.rowwise() - f.colwise().mean()) / std::sqrt(g * (g - 1));
}

/// The leading directions among the replicates, as columns.
MatrixXd leading_directions(const MatrixXd& x, int count) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> gram(x * x.transpose());
  return gram.eigenvectors().rightCols(std::min<Eigen::Index>(count, x.rows()));
}

/// max_s [s'd + t |X s|]: with y = X s / |X s| the signs of d + t X'y never descend, and where they stay as they are,
/// one sign is changed as long as that helps. Where basins exchange, their exchange is the first of the leading
/// directions, and no map from cells to basins is needed.
double largest_of_signs(const VectorXd& d, const MatrixXd& x, double t) {
  const MatrixXd leading = leading_directions(x, 5);
  MatrixXd starts(x.rows(), 1 + 2 * leading.cols());
  starts << x * signs(d), leading, -leading;
  const VectorXd squares = x.colwise().squaredNorm();
  double largest = d.cwiseAbs().sum();
  for (Eigen::Index i = 0; i < starts.cols(); ++i) {
    VectorXd y = starts.col(i), s = VectorXd::Zero(d.size());
    for (int round = 0; round < 100; ++round) {
      const double length = y.norm();
      const VectorXd slope = x.transpose() * y;
      VectorXd next = signs(length > 0 ? VectorXd(d + t / length * slope) : d);
      if (next == s) {
        // what the change of each sign would leave
        const VectorXd after = (length * length - 4 * s.array() * slope.array() + 4 * squares.array()).max(0).sqrt();
        Eigen::Index best;
        if (!((-2 * s.cwiseProduct(d) + t * after).maxCoeff(&best) > t * length * (1 + 1e-12))) break;
        next[best] = -next[best];
      }
      s = next;
      y = x * s;
      largest = std::max(largest, s.dot(d) + t * y.norm());
    }
  }
  return largest;
}

double density_of_normal(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }
double two_sided(double z) { return std::erf(z / std::numbers::sqrt2); }  // 2 Phi(z) - 1

/// Which cells fewer than eight replicates have seen, as one.
struct Merged {
  VectorXd d;
  MatrixXd x;

  Merged(const VectorXd& all, const MatrixXd& deviations, const std::vector<bool>& rare) {
    const auto count = std::ranges::count(rare, true);
    if (count < 2) {
      d = all, x = deviations;
      return;
    }
    const Eigen::Index kept = all.size() - count;
    d = VectorXd::Zero(kept + 1), x = MatrixXd::Zero(deviations.rows(), kept + 1);
    for (Eigen::Index k = 0, next = 0; k < all.size(); ++k) {
      const Eigen::Index to = rare[k] ? kept : next++;
      d[to] += all[k];
      x.col(to) += deviations.col(k);
    }
  }
};

std::vector<bool> rarely_seen(const MatrixXd& a, const MatrixXd* b = nullptr) {
  const auto is_rare = [](const MatrixXd& f, Eigen::Index k) {
    return (f.col(k).array() > 0).count() < std::min<Eigen::Index>(fewest_that_see_a_cell, f.rows());
  };
  std::vector<bool> rare(a.cols());
  for (Eigen::Index k = 0; k < a.cols(); ++k) rare[k] = is_rare(a, k) && (!b || is_rare(*b, k));
  return rare;
}

Variation variation(const VectorXd& d, const MatrixXd& x, int degrees_of_freedom, double alpha,
                    const std::vector<bool>& rare) {
  Variation v{.degrees_of_freedom = degrees_of_freedom};
  v.upper = largest_of_signs(d, x, student_quantile(alpha, degrees_of_freedom)) / 2;
  const Merged cells(d, x, rare);
  VectorXd weighted(cells.d.size());
  for (Eigen::Index k = 0; k < cells.d.size(); ++k) {
    const double size = std::abs(cells.d[k]), error = cells.x.col(k).norm(), z = size / error;
    v.estimate += (error > 0 ? error * (z * two_sided(z) - 2 * density_of_normal(z)) : size) / 2;
    const double weight = error > 0 ? std::min(two_sided(z) + 4 * z * density_of_normal(z), 1.2) : 1;
    weighted[k] = weight * sign(cells.d[k]);
  }
  v.error = (cells.x * weighted).norm() / 2;
  return v;
}

}  // namespace

Variation variation_from(const MatrixXd& differences, const VectorXd& prediction, double alpha, const MatrixXd& seen) {
  const VectorXd mean = differences.colwise().mean();
  return variation(mean - prediction, deviations(differences), int(differences.rows()) - 1, alpha, rarely_seen(seen));
}

Variation variation_from(const MatrixXd& fractions, const VectorXd& prediction, double alpha) {
  return variation_from(fractions, prediction, alpha, fractions);
}

Variation variation_between(const MatrixXd& a, const MatrixXd& b, double alpha, const MatrixXd& seen_a,
                            const MatrixXd& seen_b) {
  const VectorXd mean_a = a.colwise().mean(), mean_b = b.colwise().mean();
  MatrixXd x(a.rows() + b.rows(), a.cols());
  x << deviations(a), deviations(b);
  return variation(mean_a - mean_b, x, int(std::min(a.rows(), b.rows())) - 1, alpha, rarely_seen(seen_a, &seen_b));
}

double noise_floor(const MatrixXd& fractions) {
  return deviations(fractions).colwise().norm().sum() / std::sqrt(2 * std::numbers::pi);
}

double largest_error(const MatrixXd& fractions) {
  return largest_of_signs(VectorXd::Zero(fractions.cols()), deviations(fractions), 1) / 2;
}

double student_quantile(double alpha, int degrees_of_freedom) {
  return quantile(complement(boost::math::students_t(degrees_of_freedom), alpha));
}

}  // namespace kramers::analysis
