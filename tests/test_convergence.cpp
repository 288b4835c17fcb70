#include <fmt/format.h>

#include <cmath>
#include <random>

#include "analysis/study/convergence.hpp"
#include "sde/random/coarse_normals.hpp"
#include "sde/schemes/list.hpp"
#include "tests/catch.hpp"

namespace kramers {
namespace {

using analysis::Convergence, analysis::ConvergenceSettings;
using sde::block_lanes;

Convergence measure(const std::string& landscape, const std::string& dynamics, double start,
                    const ConvergenceSettings& settings) {
  const auto file = analysis::read_experiment(
      fmt::format("seed = 7\nlandscape = {{ {} }}\ndynamics = {{ {} }}\ncompare = {{ prediction = 'none' }}\n"
                  "record = {{ density = [] }}\n"
                  "ensemble = {{ steps = 1, start = {{ at = [[{}]] }} }}\n",
                  landscape, dynamics, start),
      "x.toml");
  return analysis::measure_convergence(analysis::prepare(file)[0], settings);
}

void check(const analysis::Estimate& estimate, double exact, double largest_error) {
  INFO(estimate.value << " +- " << estimate.error << ", exactly " << exact);
  CHECK(estimate.error <= largest_error);
  CHECK(std::abs(estimate.value - exact) <= 5 * estimate.error);
}

/// The normals of 8 steps and those of the one step as long, in dimension 2.
struct EightSteps {
  const sde::SchemeFacts& facts;
  int rows = 2 * facts.normals;  // a step
  std::vector<double> fine = std::vector<double>(8 * rows * block_lanes), coarse = fine;

  explicit EightSteps(const std::string& scheme) : facts(*sde::find_scheme(scheme)) {
    std::mt19937_64 engine(1);
    std::normal_distribution<> normal;
    for (double& xi : fine) xi = normal(engine);
    coarse = fine;
    for (int steps : {4, 2, 1}) sde::coarsen<double>(facts, 2, steps, coarse.data(), coarse.data());
  }
  double of_fine(int step, int i, int k, int lane) const {
    return fine[(step * rows + i * facts.normals + k) * block_lanes + lane];
  }
  double of_coarse(int i, int k, int lane) const { return coarse[(i * facts.normals + k) * block_lanes + lane]; }
};

}  // namespace

TEST_CASE("the normals of a long step sum the increments of the short ones, part by part", "[convergence]") {
  for (const std::string scheme : {"euler-maruyama", "obabo"}) {
    const EightSteps eight(scheme);
    const int parts = eight.facts.normals;
    for (int i = 0; i < 2; ++i)
      for (int part = 0; part < parts; ++part)
        for (int lane : {0, 77}) {
          double sum = 0;
          for (int all = part * 8; all < (part + 1) * 8; ++all)
            sum += eight.of_fine(all / parts, i, all % parts, lane) / std::sqrt(8);
          CHECK(eight.of_coarse(i, part, lane) == Approx(sum).epsilon(1e-14));
        }
  }
}

TEST_CASE("the normals of a long step have the time integral of the short ones' path", "[convergence]") {
  const EightSteps eight("sra1");
  const double h = 1.0 / 8;
  for (int i = 0; i < 2; ++i)
    for (int lane : {0, 77}) {
      double W = 0, I10 = 0;
      for (int step = 0; step < 8; ++step) {
        const double xi = eight.of_fine(step, i, 0, lane), zeta = eight.of_fine(step, i, 1, lane);
        I10 += std::pow(h, 1.5) * (xi + zeta / std::sqrt(3)) / 2 + h * W;
        W += std::sqrt(h) * xi;
      }
      CHECK(eight.of_coarse(i, 0, lane) == Approx(W).epsilon(1e-13));
      CHECK((eight.of_coarse(i, 0, lane) + eight.of_coarse(i, 1, lane) / std::sqrt(3)) / 2 ==
            Approx(I10).epsilon(1e-13));
    }
}

TEST_CASE("on a quadratic the errors of Euler-Maruyama are those in closed form", "[convergence]") {
  const double lambda = 1.5, T = 0.4, h = 0.1, x0 = 0.7;
  const int levels = 4, steps = 12, finest = 1 << (levels + 1);
  const Convergence measured = measure("name = 'quadratic', curvatures = [1.5]", "temperature = 0.4, time_step = 0.1",
                                       x0, {.levels = levels, .steps = steps, .paths = 1 << 16});
  CHECK(measured.time == Approx(1.2));
  // x_N = (1 - lambda h)^N x_0 + sum over the finest increments dW_j of weight(h, j) dW_j
  const auto contraction = [&](int m) { return 1 - lambda * h * m / finest; };  // of m finest steps at once
  const auto weight = [&](int m, int j) {
    return std::sqrt(2 * T) * std::pow(contraction(m), steps * finest / m - 1 - j / m);
  };
  for (int l = 0; l < levels; ++l) {
    const int m = finest >> l;
    const double mean = x0 * std::pow(contraction(m), steps << l),
                 reference = x0 * std::pow(contraction(1), steps * finest);
    double square = std::pow(mean - reference, 2), variance = 0, variance_of_reference = 0;
    for (int j = 0; j < steps * finest; ++j) {
      square += std::pow(weight(m, j) - weight(1, j), 2) * h / finest;
      variance += std::pow(weight(m, j), 2) * h / finest;
      variance_of_reference += std::pow(weight(1, j), 2) * h / finest;
    }
    const analysis::ConvergenceLevel& level = measured.levels[l];
    CHECK(level.time_step == h / (1 << l));
    check(level.strong, std::sqrt(square), 0.005 * level.strong.value);
    check(level.value[0], mean, 0.005);
    check(level.weak[0], mean - reference, 0.01 * h);
    check(level.value[1], mean * mean + variance, 0.005);
    check(level.weak[1], mean * mean + variance - reference * reference - variance_of_reference, 0.02 * h);
    check(level.value[2], lambda / 2 * (mean * mean + variance), 0.005);
  }
}

namespace {

/// theory: E[X_1] and E[X_1^2] of Euler-Maruyama with 10, 20 and 40 steps, by its transition kernel.
void check_double_well(std::uint64_t paths, double largest_error) {
  const Convergence measured = measure("name = 'asymmetric-double-well'", "temperature = 0.2, time_step = 0.1", -0.2,
                                       {.levels = 3, .steps = 10, .paths = paths});
  const double mean[] = {-0.4493038603, -0.4331735934, -0.4253040542};
  const double square[] = {0.6652991329, 0.6630183226, 0.6622485247};
  for (int l = 0; l < 3; ++l) {
    check(measured.levels[l].value[0], mean[l], largest_error);
    check(measured.levels[l].value[1], square[l], largest_error);
  }
}

}  // namespace

TEST_CASE("expectations at a time are those of the transition kernel", "[convergence]") {
  check_double_well(1 << 18, 2e-3);
}

TEST_CASE("expectations at a time are those of the transition kernel, to four digits", "[convergence][slow]") {
  check_double_well(12'000'000, 2e-4);
}

namespace {

/// On a double well from beside its maximum; the step of kinetic schemes is `kinetic`, their friction 1.5 or what
/// momentum makes of it.
Convergence on_double_well(const sde::SchemeFacts& scheme, double step, double kinetic, const ConvergenceSettings& s) {
  std::string dynamics =
      fmt::format("scheme = '{}', kind = 'langevin', temperature = 0.3, time_step = {}", scheme.name, step);
  if (scheme.parameter == "friction")
    dynamics = fmt::format("scheme = '{}', kind = 'kinetic', friction = 1.5, temperature = 0.3, time_step = {}",
                           scheme.name, kinetic);
  if (scheme.parameter == "momentum")
    dynamics = fmt::format(
        "scheme = '{}', kind = 'kinetic', learning_rate = {}, batch_size = 1, momentum = {}, "
        "noise = {{ sigma = 2 }}",
        scheme.name, kinetic * kinetic / 64, 1 - 1.5 * kinetic / 8);
  return measure("name = 'tilted-quartic'", dynamics, 0.4, s);
}

/// Else there is nothing to measure, or not along Brownian paths.
bool follows_paths(const sde::SchemeFacts& scheme) {
  return scheme.strong_order != sde::unbounded_order && !scheme.metropolis;
}

std::string words(const Convergence& measured) {
  std::string all;
  for (const analysis::MeasuredOrder& order : measured.orders)
    all += fmt::format("{}: stated {}, measured {}\n", order.name, order.stated,
                       order.fitted ? fmt::format("{} +- {}", order.fitted->value, order.fitted->error) : "-");
  return all;
}

}  // namespace

TEST_CASE("every scheme converges at the orders that it states", "[convergence]") {
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    if (!follows_paths(scheme)) continue;
    // Steps so coarse that errors of second order stand out.
    const Convergence measured = on_double_well(scheme, 1.0 / 32, 1.0 / 4,
                                                {.levels = 3, .steps = scheme.kinetic() ? 4u : 16u, .paths = 1 << 18});
    INFO(scheme.name << "\n" << words(measured));
    CHECK(measured.decision == analysis::Decision::agrees);
  }
}

TEST_CASE("every scheme has the strong order that it states to a tenth", "[convergence]") {
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    if (!follows_paths(scheme)) continue;
    const Convergence measured =
        on_double_well(scheme, 1.0 / 128, 1.0 / 64, {.levels = 4, .steps = 64, .paths = 1 << 14});
    INFO(scheme.name << "\n" << words(measured));
    REQUIRE(measured.orders[0].fitted);
    CHECK(measured.orders[0].fitted->error < 0.02);
    CHECK(std::abs(measured.orders[0].fitted->value - scheme.strong_order) < 0.1);
  }
}

TEST_CASE("under noise that depends on theta a scheme has the strong order that it states for it", "[convergence]") {
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    if (!follows_paths(scheme)) continue;
    if (!is_valid(scheme.noise, sde::NoiseStructure::diagonal) || scheme.kinetic()) continue;
    // In one dimension all noise commutes: Heun's scheme is as good as for additive noise.
    const double stated =
        scheme.name == "stochastic-heun" ? 1 : scheme.strong_order_under(sde::NoiseStructure::diagonal);
    const Convergence measured = measure("name = 'quadratic', curvatures = [1.0]",
                                         fmt::format("scheme = '{}', learning_rate = 0.03125, batch_size = 1, "
                                                     "noise = {{ kind = 'formula', variance = '16 * (1 + x^2)' }}",
                                                     scheme.name),
                                         0.5, {.levels = 4, .steps = 32, .paths = 1 << 16});
    INFO(scheme.name << "\n" << words(measured));
    REQUIRE(measured.orders[0].fitted);
    CHECK(measured.orders[0].stated == scheme.strong_order_under(sde::NoiseStructure::diagonal));
    CHECK(std::abs(measured.orders[0].fitted->value - stated) < 0.1);
  }
}

TEST_CASE("noise that is no Brownian motion and schemes without errors are refused", "[convergence]") {
  CHECK_THROWS_WITH(
      measure("name = 'quadratic', curvatures = [1.0]",
              "learning_rate = 0.1, batch_size = 1, noise = { kind = 'stable', alpha = 1.5, scale = 1 }", 0, {}),
      "dynamics.noise = stable is no Brownian motion; noise allowed here: any with a covariance");
  CHECK_THROWS_WITH(
      measure("name = 'quadratic', curvatures = [1.0]", "scheme = 'exact-ou', temperature = 1, time_step = 0.1", 0, {}),
      "dynamics.scheme = exact-ou has no error of the time step to measure");
}

TEST_CASE("paths that explode are an error that says so", "[convergence]") {
  CHECK_THROWS_WITH(measure("name = 'tilted-quartic'", "temperature = 0.3, time_step = 1", 4,
                            {.levels = 2, .steps = 32, .paths = 256}),
                    "a path among the 128 from number 0 does not stay finite at the steps 1 to 0.125");
}

}  // namespace kramers
