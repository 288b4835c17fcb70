#include <cmath>
#include <numbers>
#include <random>

#include "analysis/statistics/variation.hpp"
#include "tests/catch.hpp"

using namespace kramers;

namespace {

/// Replicates of ten cells of 0.1 each, in two basins of five that exchange weight.
Eigen::MatrixXd exchanging(std::mt19937_64& generator, int replicates, double noise, double exchange) {
  std::normal_distribution<double> normal;
  Eigen::MatrixXd f(replicates, 10);
  for (double& x : f.reshaped()) x = 0.1 + noise * normal(generator);
  for (int g = 0; g < replicates; ++g) {
    const double weight = exchange * normal(generator);
    for (int k = 0; k < 10; ++k) f(g, k) += k < 5 ? weight : -weight;
  }
  return f;
}

Eigen::MatrixXd deviations(const Eigen::MatrixXd& f) {
  const double g = double(f.rows());
  return (f.rowwise() - f.colwise().mean()) / std::sqrt(g * (g - 1));
}

}  // namespace

TEST_CASE("the upper bound is the largest over all signs", "[variation]") {
  std::mt19937_64 generator(11);
  for (int trial = 0; trial < 20; ++trial) {
    const Eigen::MatrixXd f = exchanging(generator, 16, 0.001, 0.001);
    Eigen::VectorXd p = f.colwise().mean();
    if (trial % 2)
      for (int k = 0; k < 10; ++k) p[k] += 0.0005 * (k % 3 - 1);
    const Eigen::MatrixXd x = deviations(f);
    const Eigen::VectorXd d = f.colwise().mean().transpose() - p;
    const double t = analysis::student_quantile(0.05, 15);
    double best = 0;
    for (int mask = 0; mask < 1024; ++mask) {
      Eigen::VectorXd s(10);
      for (int k = 0; k < 10; ++k) s[k] = mask >> k & 1 ? 1 : -1;
      best = std::max(best, (s.dot(d) + t * (x * s).norm()) / 2);
    }
    CHECK(analysis::variation_from(f, p, 0.05).upper == Approx(best));
    CHECK(analysis::largest_error(f) <= best / t + 1e-12);
  }
}

TEST_CASE("what lies many errors away is its plain distance, what noise makes is about nothing", "[variation]") {
  std::mt19937_64 generator(12);
  const Eigen::MatrixXd f = exchanging(generator, 64, 0.0001, 0);
  Eigen::VectorXd far = f.colwise().mean();
  for (int k = 0; k < 10; ++k) far[k] += k % 2 ? 0.01 : -0.01;
  const auto v = analysis::variation_from(f, far, 0.05);
  CHECK(v.estimate == Approx(0.05));
  CHECK(v.lower(analysis::student_quantile(0.05, 63)) < 0.05);
  CHECK(v.upper > 0.05);
  // d = 0: the estimate of each cell is -2 phi(0) se / 2.
  const auto none = analysis::variation_from(f, f.colwise().mean(), 0.05);
  const double errors = deviations(f).colwise().norm().sum();
  CHECK(none.estimate == Approx(-errors / std::sqrt(2 * std::numbers::pi)));
}

TEST_CASE("cells that fewer than eight replicates have seen are one to the estimate, not to the upper bound",
          "[variation]") {
  // 100 cells of 1e-5 each, of which every replicate sees another one: each is far from its prediction by its error,
  // together they are right.
  const int rare = 100;
  Eigen::MatrixXd f = Eigen::MatrixXd::Zero(64, rare + 1);
  for (int g = 0; g < 64; ++g) f(g, g) = 1e-3;
  f.col(rare).setConstant(0.999);
  Eigen::VectorXd p = Eigen::VectorXd::Constant(rare + 1, 1e-3 / rare);
  p[rare] = 0.999;
  const auto v = analysis::variation_from(f, p, 0.05);
  CHECK(v.estimate == Approx(0).margin(1e-12));
  CHECK(v.upper > 1e-4);
}

TEST_CASE("between two samples the squares of their errors add", "[variation]") {
  // So far apart that no sign is in doubt.
  std::mt19937_64 generator(17);
  const Eigen::MatrixXd a = exchanging(generator, 64, 0.001, 0);
  Eigen::MatrixXd b = exchanging(generator, 64, 0.002, 0);
  for (int k = 0; k < 10; ++k) b.col(k).array() += k % 2 ? 0.02 : -0.02;
  const auto of_a = analysis::variation_from(a, b.colwise().mean(), 0.05),
             of_b = analysis::variation_from(b, a.colwise().mean(), 0.05);
  const auto v = analysis::variation_between(a, b, 0.05, a, b);
  CHECK(v.estimate == Approx(of_a.estimate));
  CHECK(v.error == Approx(std::hypot(of_a.error, of_b.error)));
}

TEST_CASE("forty thousand cells need no matrix of cells by cells", "[variation]") {
  std::mt19937_64 generator(13);
  std::normal_distribution<double> normal;
  Eigen::MatrixXd f(64, 40000);
  for (double& x : f.reshaped()) x = (1 + 0.1 * normal(generator)) / 40000;
  const auto v = analysis::variation_from(f, Eigen::VectorXd::Constant(40000, 1 / 40000.0), 0.05);
  CHECK(std::abs(v.estimate) < 5 * v.error);
  CHECK(v.upper > 0.0125 / std::sqrt(2 * std::numbers::pi));  // what the plain distance would be
}
