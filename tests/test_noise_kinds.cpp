#include <cmath>
#include <functional>

#include "landscapes/catalogue.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/random/rademacher.hpp"
#include "sde/random/stable.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using sde::block_lanes;

namespace {

constexpr int rows = 32, blocks = 1000;
constexpr double n = double(rows) * block_lanes * blocks;

/// f summed over n numbers.
template <sde::Real R, class Make, class F>
void for_each(Make make, F f) {
  sde::AlignedVector<R> z(rows * block_lanes);
  for (int block = 0; block < blocks; ++block) {
    make(std::uint64_t(block) * block_lanes, z.data());
    for (const R x : z) f(double(x));
  }
}

template <sde::Real R>
void check_stable(double alpha, const std::vector<std::pair<double, double>>& beyond) {
  std::vector<double> count(beyond.size());
  double positive = 0;
  for_each<R>([&](std::uint64_t first, R* out) { sde::stable_numbers<R>(alpha, {.seed = 3}, first, 7, rows, out); },
              [&](double z) {
                for (std::size_t i = 0; i < beyond.size(); ++i) count[i] += std::abs(z) > beyond[i].first;
                positive += z > 0;
              });
  for (std::size_t i = 0; i < beyond.size(); ++i) {
    const double p = beyond[i].second;
    INFO("alpha " << alpha << ", beyond " << beyond[i].first << ": " << count[i] / n << " for " << p);
    CHECK(std::abs(count[i] / n - p) < 5 * std::sqrt(p * (1 - p) / n));
  }
  CHECK(std::abs(positive / n - 0.5) < 5 * 0.5 / std::sqrt(n));
}

}  // namespace

TEST_CASE("stable numbers have the tails of their law") {
  const std::vector<std::pair<double, double>> three_halves = {
      {0.9689331817, 0.5}, {1, 0.4873159512}, {2, 0.2100796593}, {5, 0.0413381743}};
  check_stable<double>(1.5, three_halves);
  check_stable<float>(1.5, three_halves);
  // Cauchy: 1 - (2 / pi) atan z; Gaussian of variance 2: erfc(z / 2)
  check_stable<double>(1, {{1, 0.5}, {10, 1 - 2 / M_PI * std::atan(10)}, {1000, 1 - 2 / M_PI * std::atan(1000)}});
  check_stable<double>(2, {{1, std::erfc(0.5)}, {3, std::erfc(1.5)}});
}

TEST_CASE("rows of other numbers do not depend on where they are cut") {
  const auto check = [](auto make, auto zero) {
    using R = decltype(zero);
    sde::AlignedVector<R> whole(9 * block_lanes), parts(9 * block_lanes);
    make(5, 9, whole.data());
    make(5, 2, parts.data());
    make(7, 3, parts.data() + 2 * block_lanes);
    make(10, 4, parts.data() + 5 * block_lanes);
    CHECK(whole == parts);
  };
  const sde::Stream stream{.seed = 11, .run = 2};
  const auto stable = [&](std::uint64_t first, int count, auto* out) {
    sde::stable_numbers(1.2, stream, 256, first, count, out);
  };
  const auto signs = [&](std::uint64_t first, int count, auto* out) {
    sde::rademacher_means(3, stream, 256, first, count, out);
  };
  check(stable, 0.0), check(stable, 0.0f), check(signs, 0.0), check(signs, 0.0f);
}

TEST_CASE("means of signs have the moments of their batch") {
  for (int batch : {1, 2, 5, 32}) {
    double sum = 0, square = 0, fourth = 0;
    for_each<double>(
        [&](std::uint64_t first, double* out) { sde::rademacher_means(batch, {.seed = 5}, first, 0, rows, out); },
        [&](double z) { sum += z, square += z * z, fourth += z * z * z * z; });
    CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
    CHECK(std::abs(square / n - 1) < 5 * std::sqrt(2 / n));
    CHECK(std::abs(fourth / n - (3 - 2.0 / batch)) < 5 * std::sqrt(96 / n));
  }
}

TEST_CASE("shape, divergence and diagonal of every noise belong to one covariance") {
  using landscapes::Parameters;
  const std::shared_ptr<const landscapes::Landscape> well = landscapes::find("tilted-quartic").make({});
  const std::shared_ptr<const landscapes::Landscape> bowl =
      landscapes::find("quadratic").make({{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}}});
  struct Case {
    std::string kind;
    Parameters parameters;
    std::shared_ptr<const landscapes::Landscape> landscape;
    std::function<Eigen::MatrixXd(const Eigen::VectorXd&)> covariance;
  };
  const auto tanh_law = [](double x) { return 3 + (5 - 3) * (1 - std::tanh((x - 0.1) / 0.3)) / 2; };
  const Eigen::Matrix2d C{{1, 0.3}, {0.3, 2}}, H{{2, 0.5}, {0.5, 1}};
  const std::vector<Case> cases = {
      {"diagonal",
       {{"variances", std::vector<double>{4, 0}}},
       bowl,
       [](const auto&) { return Eigen::MatrixXd(Eigen::Vector2d(4, 0).asDiagonal()); }},
      {"covariance",
       {{"matrix", std::vector<std::vector<double>>{{1, 0.3}, {0.3, 2}}}},
       bowl,
       [&](const auto&) { return Eigen::MatrixXd(C); }},
      {"low-rank",
       {{"factor", std::vector<std::vector<double>>{{1}, {-2}}}},
       bowl,
       [](const auto&) {
         return Eigen::MatrixXd(Eigen::Matrix2d{{1, -2}, {-2, 4}});
       }},
      {"low-rank",  // of five examples
       {{"factor", std::vector<std::vector<double>>{{1, 0, 2, -1, 0.5}, {0, 1, -1, 3, 0.5}}}},
       bowl,
       [](const auto&) {
         return Eigen::MatrixXd(Eigen::Matrix2d{{6.25, -4.75}, {-4.75, 11.25}});
       }},
      {"low-rank",  // of four, all along one line
       {{"factor", std::vector<std::vector<double>>{{1, 0, 2, -1}, {2, 0, 4, -2}}}},
       bowl,
       [](const auto&) {
         return Eigen::MatrixXd(Eigen::Matrix2d{{6, 12}, {12, 24}});
       }},
      {"two-basin",
       {{"variance_left", 5.0}, {"variance_right", 3.0}, {"at", 0.1}, {"width", 0.3}},
       bowl,
       [&](const auto& x) { return Eigen::MatrixXd(tanh_law(x[0]) * Eigen::Matrix2d::Identity()); }},
      {"pearson",
       {{"constant", 1.5}, {"linear", 0.4}, {"quadratic", 0.7}},
       bowl,
       [](const auto& x) {
         const Eigen::Array2d square = x.array().square();
         return Eigen::MatrixXd((1.5 + 0.4 * x.array() + 0.7 * square).matrix().asDiagonal());
       }},
      {"formula",
       {{"variance", std::vector<std::string>{"1 + x^2", "2 + cos(y)"}}},
       bowl,
       [](const auto& x) {
         return Eigen::MatrixXd(Eigen::Vector2d(1 + x[0] * x[0], 2 + std::cos(x[1])).asDiagonal());
       }},
      {"formula",
       {{"variance", std::string("1 + x^2 + y^2")}},
       bowl,
       [](const auto& x) { return Eigen::MatrixXd((1 + x.squaredNorm()) * Eigen::Matrix2d::Identity()); }},
      {"hessian", {{"scale", 3.0}}, bowl, [&](const auto&) { return Eigen::MatrixXd(3 * H); }},
      {"hessian",
       {{"scale", 2.0}},
       well,
       [&](const auto& x) { return Eigen::MatrixXd(2 * well->hessian(x).cwiseMax(0)); }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.kind);
    const auto noise = landscapes::find_noise(c.kind).make(c.parameters, c.landscape);
    const int d = c.landscape->dim();
    const double reference = 2.5;
    const auto block = noise->block_double({.reference = reference, .batch_size = 1});
    sde::AlignedVector<double> theta(d * block_lanes), xi(d * block_lanes), g(d * block_lanes), b(d * block_lanes),
        slope(d * block_lanes);
    for (int i = 0; i < d * block_lanes; ++i) theta[i] = std::sin(1.7 * i + 0.3);
    const auto point = [&](int lane) {
      Eigen::VectorXd x(d);
      for (int i = 0; i < d; ++i) x[i] = theta[i * block_lanes + lane];
      return x;
    };
    // B B^T from the images of the axes
    std::vector<Eigen::MatrixXd> bb(block_lanes, Eigen::MatrixXd::Zero(d, d));
    for (int axis = 0; axis < d; ++axis) {
      for (int i = 0; i < d * block_lanes; ++i) xi[i] = i / block_lanes == axis;
      block->shape(theta.data(), 1, xi.data());
      for (int lane = 0; lane < block_lanes; ++lane) {
        Eigen::VectorXd column(d);
        for (int i = 0; i < d; ++i) column[i] = xi[i * block_lanes + lane];
        bb[lane] += column * column.transpose();
      }
    }
    block->subtract_divergence(theta.data(), 2.0, g.data());
    if (noise->structure() == sde::NoiseStructure::diagonal) block->diagonal(theta.data(), b.data(), slope.data());
    for (int lane : {0, 17, block_lanes - 1}) {
      const Eigen::MatrixXd a = c.covariance(point(lane)) / reference;
      CHECK((bb[lane] - a).norm() < 1e-12);
      CHECK(noise->mean_variance(point(lane)) == Approx(a.trace() * reference / d).epsilon(1e-12));
      for (int i = 0; i < d && noise->has_divergence(); ++i) {
        double divergence = 0;
        for (int j = 0; j < d; ++j) {
          Eigen::VectorXd step = Eigen::VectorXd::Zero(d);
          step[j] = 1e-5;
          divergence += (c.covariance(point(lane) + step) - c.covariance(point(lane) - step))(i, j) / 2e-5 / reference;
        }
        CHECK(g[i * block_lanes + lane] == Approx(-2 * divergence).margin(1e-8));
        if (noise->structure() != sde::NoiseStructure::diagonal) continue;
        CHECK(b[i * block_lanes + lane] == Approx(std::sqrt(a(i, i))).epsilon(1e-12));
        CHECK(slope[i * block_lanes + lane] == Approx(divergence).margin(1e-8));
      }
    }
  }
}
