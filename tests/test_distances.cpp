#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/statistics/distances.hpp"
#include "tests/catch.hpp"

using namespace kramers;

namespace {

struct Bins {
  std::vector<double> edges, p, q;
};

/// N(0, 1) and N(0.1, 1.2^2) on fine bins of [-12, 12].
Bins two_gaussians() {
  constexpr int count = 48000;
  Bins b;
  for (int i = 0; i <= count; ++i) b.edges.push_back(-12 + 24.0 * i / count);
  // Mass between a and b, from the nearer tail, so that small masses keep their digits.
  const auto mass = [](double a, double b) {
    const double r = std::sqrt(0.5);
    return a > 0 ? (std::erfc(a * r) - std::erfc(b * r)) / 2 : (std::erfc(-b * r) - std::erfc(-a * r)) / 2;
  };
  for (int i = 0; i < count; ++i) {
    b.p.push_back(mass(b.edges[i], b.edges[i + 1]));
    b.q.push_back(mass((b.edges[i] - 0.1) / 1.2, (b.edges[i + 1] - 0.1) / 1.2));
  }
  return b;
}

}  // namespace

TEST_CASE("distances between two Gaussians have their known values", "[distances]") {
  // Closed form or quadrature. Bins of 0.0005 change them by order 0.0005^2 relative, TV by its two sign changes alike.
  const Bins b = two_gaussians();
  CHECK(analysis::kullback_leibler(b.p, b.q) == Approx(0.0330160012384).epsilon(1e-6));
  CHECK(analysis::kullback_leibler(b.q, b.p) == Approx(0.0426784432060).epsilon(1e-6));
  CHECK(analysis::total_variation(b.p, b.q) == Approx(0.0933843223927).epsilon(1e-6));
  CHECK(analysis::squared_hellinger(b.p, b.q) == Approx(0.00924622942416).epsilon(1e-6));
  CHECK(analysis::jensen_shannon(b.p, b.q) == Approx(0.00906110372823).epsilon(1e-6));
  CHECK(analysis::wasserstein(b.p, b.q, b.edges) == Approx(0.179118622961).epsilon(1e-6));
  CHECK(analysis::kolmogorov_smirnov(b.p, b.q) == Approx(0.0684324926696).epsilon(1e-6));
}

TEST_CASE("distances of a law to itself vanish, and of disjoint laws are largest", "[distances]") {
  const std::vector<double> p{0.25, 0.75, 0, 0}, q{0, 0, 0.5, 0.5}, edges{0, 1, 2, 3, 4};
  CHECK(analysis::total_variation(p, p) == 0);
  CHECK(analysis::kullback_leibler(p, p) == 0);
  CHECK(analysis::wasserstein(p, p, edges) == 0);
  CHECK(analysis::total_variation(p, q) == Approx(1));
  CHECK(analysis::squared_hellinger(p, q) == Approx(1));
  CHECK(analysis::jensen_shannon(p, q) == Approx(std::log(2.0)));
  CHECK(std::isinf(analysis::kullback_leibler(p, q)));
  CHECK(analysis::kolmogorov_smirnov(p, q) == Approx(1));
  CHECK(analysis::wasserstein(p, q, edges) == Approx(3 - 1.25));  // means of ordered laws
  CHECK_THROWS_AS(analysis::total_variation(p, {1}), std::invalid_argument);
  CHECK_THROWS_AS(analysis::wasserstein(p, q, {0, 1}), std::invalid_argument);
}

TEST_CASE("the plug-in Kullback-Leibler divergence exceeds the true one by (K - 1) / 2n", "[distances]") {
  // 2 n KL of n samples in K cells is chi-squared with K - 1 degrees of freedom: over R repetitions the mean of KL has
  // the standard error sqrt(2 (K - 1) / R) / 2n.
  constexpr int cells = 20, samples = 5000, repetitions = 2000;
  std::mt19937_64 generator(23);
  std::uniform_int_distribution<int> cell(0, cells - 1);
  const std::vector<double> law(cells, 1.0 / cells);
  double mean = 0;
  for (int r = 0; r < repetitions; ++r) {
    std::vector<double> f(cells, 0);
    for (int i = 0; i < samples; ++i) f[cell(generator)] += 1.0 / samples;
    mean += analysis::kullback_leibler(f, law) / repetitions;
  }
  const double error = std::sqrt(2.0 * (cells - 1) / repetitions) / (2 * samples);
  CHECK(mean == Approx(analysis::kullback_leibler_bias(cells, samples)).margin(5 * error));
}
