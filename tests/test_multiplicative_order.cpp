#include <cmath>
#include <functional>

#include "landscapes/gradient_noise/diagonal_noise.hpp"
#include "landscapes/gradient_noise/formula_variance.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/schemes/list.hpp"
#include "tests/catch.hpp"

// Strong errors under noise that depends on theta, against solutions that are known path by path.

using namespace kramers;
using sde::block_lanes;

namespace {

/// A drift, with no loss behind it.
struct Drift final : sde::BlockLandscape<double> {
  std::function<double(double)> f;
  explicit Drift(std::function<double(double)> drift) : f(std::move(drift)) {}
  int dim() const override { return 1; }
  void gradient(const double* x, double* g) const override {
    for (int lane = 0; lane < block_lanes; ++lane) g[lane] = -f(x[lane]);
  }
  void value(const double*, double*) const override {}
};

struct Errors {
  double strong;            // root of E (X_N - X)^2
  double strong_error;      // of sampling, relative
  double mean, mean_error;  // E X_N
};

/// d X = f dt + G dW up to t = 1 in `steps` steps; exact(W_1, X_0) is the solution.
Errors errors(const std::string& name, const Drift& drift, const std::string& variance_of_dw, double x0, int steps,
              const std::function<double(double)>& exact, double calculus = 0, int blocks = 8192) {
  const landscapes::FormulaVariance formula{{landscapes::Formula(variance_of_dw, 1)}};
  const double h = 1.0 / steps;
  // sqrt(2 T) = 1
  const auto scheme = sde::make_scheme<double>(
      name, {.time_step = h, .temperature = 0.5, .calculus = calculus},
      std::make_shared<landscapes::DiagonalShape<landscapes::FormulaVariance, double>>(formula, 1, 1.0));
  const int each = scheme->facts().normals, rows = steps * each;
  sde::AlignedVector<double> normals(std::size_t(rows) * block_lanes), x(block_lanes);
  sde::AlignedVector<double> scratch(std::size_t(scheme->scratch_rows()) * block_lanes);
  double strong = 0, fourth = 0, mean = 0, square = 0;
  for (int block = 0; block < blocks; ++block) {
    sde::normals<double>({.seed = 17}, std::uint64_t(block) * block_lanes, 0, rows, normals.data());
    std::fill(x.begin(), x.end(), x0);
    scheme->advance(drift, steps, normals.data(), x.data(), nullptr, scratch.data());
    for (int lane = 0; lane < block_lanes; ++lane) {
      double w = 0;
      for (int n = 0; n < steps; ++n) w += std::sqrt(h) * normals[std::size_t(n) * each * block_lanes + lane];
      const double error = x[lane] - exact(w);
      strong += error * error, fourth += std::pow(error, 4), mean += x[lane], square += x[lane] * x[lane];
    }
  }
  const double paths = double(blocks) * block_lanes;
  strong /= paths, fourth /= paths, mean /= paths, square /= paths;
  return {std::sqrt(strong), std::sqrt((fourth / (strong * strong) - 1) / paths) / 2, mean,
          std::sqrt((square - mean * mean) / paths)};
}

/// Least squares of log e against log h, over steps that double.
double slope(const std::vector<double>& e) {
  double slope = 0, weight = 0;
  const double middle = (double(e.size()) - 1) / 2;
  for (std::size_t i = 0; i < e.size(); ++i) {
    slope -= (double(i) - middle) * std::log2(e[i]);
    weight += (double(i) - middle) * (double(i) - middle);
  }
  return slope / weight;
}

}  // namespace

TEST_CASE("geometric Brownian motion: Euler-Maruyama has strong order 1/2, Milstein 1, with the errors of theory") {
  // mu = 1/2, sigma = 0.8, t = 1, X_0 = 1; the closed forms are (E X^2 + E X_N^2 - 2 E X X_N)^(1/2)
  const Drift drift([](double x) { return 0.5 * x; });
  const auto exact = [](double w) { return std::exp((0.5 - 0.32) + 0.8 * w); };
  const double by_euler[] = {0.3801125703, 0.2644684561, 0.1846819151, 0.1295853061};
  const double by_milstein[] = {0.1593157566, 0.08447035344, 0.04355761806, 0.02212614293};
  std::vector<double> euler, milstein;
  for (int i = 0; i < 4; ++i) {
    const int steps = 8 << i;
    const Errors e = errors("euler-maruyama", drift, "0.64 * x^2", 1, steps, exact);
    const Errors m = errors("milstein", drift, "0.64 * x^2", 1, steps, exact);
    INFO(e.strong << " " << e.strong_error << ", " << m.strong << " " << m.strong_error);
    CHECK(std::max(e.strong_error, m.strong_error) < 0.02);
    CHECK(std::abs(e.strong / by_euler[i] - 1) < 5 * e.strong_error);
    CHECK(std::abs(m.strong / by_milstein[i] - 1) < 5 * m.strong_error);
    CHECK(std::abs(e.mean - std::pow(1 + 0.5 / steps, steps)) < 5 * e.mean_error);
    euler.push_back(e.strong), milstein.push_back(m.strong);
  }
  CHECK(std::abs(slope(euler) - 0.5) < 0.05);
  CHECK(std::abs(slope(milstein) - 1) < 0.06);
}

TEST_CASE("SRI1W1 has strong order 3/2, and errors a tenth of Milstein's") {
  // X = sinh(t + W + asinh X_0) solves d X = (X / 2 + sqrt(1 + X^2)) dt + sqrt(1 + X^2) dW
  const Drift drift([](double x) { return 0.5 * x + std::sqrt(1 + x * x); });
  const auto exact = [](double w) { return std::sinh(1 + w); };
  std::vector<double> sri, milstein;
  for (int steps : {16, 32, 64, 128}) {
    sri.push_back(errors("sri1w1", drift, "1 + x^2", 0, steps, exact, 0, 1024).strong);
    milstein.push_back(errors("milstein", drift, "1 + x^2", 0, steps, exact, 0, 1024).strong);
  }
  INFO(sri[0] << " " << sri[1] << " " << sri[2] << " " << sri[3] << ", Milstein " << milstein[2]);
  CHECK(slope(sri) > 1.42);
  CHECK(slope(sri) < 1.6);
  CHECK(std::abs(slope(milstein) - 1) < 0.1);
  CHECK(milstein[1] > 10 * sri[1]);
  CHECK(milstein[2] > 12 * sri[2]);
}

TEST_CASE("Heun converges to the Stratonovich solution by itself, and to Ito's where that is asked for") {
  // Without drift: d X = X o dW is exp(W), d X = X dW is exp(W - t / 2).
  const Drift drift([](double) { return 0.0; });
  const auto stratonovich = [](double w) { return std::exp(w); };
  const auto ito = [](double w) { return std::exp(w - 0.5); };
  std::vector<double> own, corrected, milstein;
  for (int steps : {16, 32, 64}) {
    own.push_back(errors("stochastic-heun", drift, "x^2", 1, steps, stratonovich, 0.5, 1024).strong);
    corrected.push_back(errors("stochastic-heun", drift, "x^2", 1, steps, ito, 0, 1024).strong);
    milstein.push_back(errors("milstein", drift, "x^2", 1, steps, stratonovich, 0.5, 1024).strong);
  }
  for (const auto& e : {own, corrected, milstein}) {
    INFO(e[0] << " " << e[1] << " " << e[2]);
    CHECK(std::abs(slope(e) - 1) < 0.1);
    CHECK(e[2] < 0.15);
  }
  CHECK(errors("stochastic-heun", drift, "x^2", 1, 64, ito, 0.5, 1024).strong > 0.5);  // of the other calculus
}
