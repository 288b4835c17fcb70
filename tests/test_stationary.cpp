#include <Eigen/LU>

#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

// Stationary laws of the discretised process, known exactly (closed forms, or the solution of the transition kernel),
// so that the sampling error is the whole tolerance.

using namespace kramers;
using namespace kramers::tests;

namespace {

Run double_well(const std::string& scheme, double time_step, double temperature) {
  return {.landscape = "asymmetric-double-well",
          .parameters = {},
          .scheme = scheme,
          .time_step = time_step,
          .temperature = temperature,
          .plan = {.seed = 5,
                   .trajectories = 4096,
                   .burn_in = std::uint64_t(600 / time_step),
                   .steps = std::uint64_t(5000 / time_step),
                   .sample_every = std::uint64_t(0.5 / time_step)}};
}

Run quadratic(const std::string& scheme, double curvature, double time_step, double temperature) {
  return {.landscape = "quadratic",
          .parameters = {{"curvatures", std::vector<double>{curvature}}},
          .scheme = scheme,
          .time_step = time_step,
          .temperature = temperature,
          .plan = {.seed = 11,
                   .trajectories = 4096,
                   .burn_in = std::uint64_t(20 / (curvature * time_step)),
                   .steps = 40'000,
                   .sample_every = std::uint64_t(std::max(1.0, 0.5 / (curvature * time_step)))}};
}

/// Correlation of a path with itself `lag` draws later, with its error from the replicate-like spread over chains.
Estimate autocorrelation(const sde::RunStatistics& s, int lag) {
  double product = 0, product_2 = 0, square = 0;
  for (std::uint64_t chain = 0; chain < s.chains; ++chain) {
    const double* x = s.paths.data() + chain * s.draws;
    double sum = 0;
    for (std::uint64_t n = 0; n + lag < s.draws; ++n) sum += x[n] * x[n + lag];
    for (std::uint64_t n = 0; n < s.draws; ++n) square += x[n] * x[n];
    const double mean = sum / double(s.draws - lag);
    product += mean;
    product_2 += mean * mean;
  }
  const double chains = double(s.chains);
  square /= chains * double(s.draws);
  const double mean = product / chains;
  return {mean / square, std::sqrt((product_2 / chains - mean * mean) / (chains - 1)) / square};
}

/// The probability of the channel's wide minimum.
void check_channel(double temperature, double exact, std::uint64_t burn_in, std::uint64_t steps) {
  const Estimate e = occupancy(
      simulate({.landscape = "channel",
                .scheme = "leimkuhler-matthews",
                .time_step = 0.005,
                .temperature = temperature,
                .plan = {.seed = 3, .trajectories = 8192, .burn_in = burn_in, .steps = steps, .sample_every = 200}}),
      0);
  INFO("T = " << temperature << ": " << e.value << " +- " << e.error);
  CHECK(e.error <= 2e-3);
  CHECK(std::abs(e.value - exact) <= 5 * e.error + 1e-3);  // 1e-3: what Leimkuhler-Matthews may be off at this step
}

}  // namespace

TEST_CASE("Euler-Maruyama on a quadratic has variance (T/k) / (1 - k h / 2) and autocorrelation (1 - k h)^n",
          "[stationary]") {
  // eta = h = 0.1, sigma = 1, S = 4, k = 2: T = 0.0125.
  Run run = quadratic("euler-maruyama", 2, 0.1, 0.0125);
  run.plan.sample_every = 1;
  run.plan.steps = 4000;
  run.plan.path_count = 1024;
  const sde::RunStatistics s = simulate(run);
  CHECK_ESTIMATE(mean(s, 0), 0, 1e-4);
  CHECK_ESTIMATE(mean_square(s), 0.00694444444, 1e-5);
  CHECK_ESTIMATE(autocorrelation(s, 1), 0.8, 2e-3);
  CHECK_ESTIMATE(autocorrelation(s, 5), 0.32768, 2e-3);
}

TEST_CASE("the time step of the integrator does not enter the noise strength", "[stationary]") {
  // eta / S = 0.025, sigma = 1: T = 0.0125 at any h.
  CHECK_ESTIMATE(mean_square(simulate(quadratic("euler-maruyama", 2, 0.01, 0.0125))), 0.00631313131, 8e-6);
  CHECK_ESTIMATE(mean_square(simulate(quadratic("leimkuhler-matthews", 2, 0.01, 0.0125))), 0.00625, 8e-6);
}

TEST_CASE("Leimkuhler-Matthews has variance T/k on a quadratic at any stable step", "[stationary]") {
  for (double time_step : {0.1, 0.5, 0.8})
    CHECK_ESTIMATE(mean_square(simulate(quadratic("leimkuhler-matthews", 2, time_step, 0.0125))), 0.00625, 8e-6);
}

TEST_CASE("Euler-Maruyama's variance grows as theory says when eta and S grow together", "[stationary]") {
  // eta = 0.1 beta, S = 4 beta, sigma = 1, k = 2.
  const double exact[] = {0.00694444444, 0.0078125, 0.0104166667, 0.03125};
  for (int i = 0; i < 4; ++i) {
    const double beta = 1 << i, eta = 0.1 * beta, temperature = eta / (2 * 4 * beta);
    CHECK_ESTIMATE(mean_square(simulate(quadratic("euler-maruyama", 2, eta, temperature))), exact[i], 0.003 * exact[i]);
  }
  Run unstable = quadratic("euler-maruyama", 2, 1.05, 0.0125);  // eta k > 2
  CHECK(simulate(unstable).diverged == unstable.plan.trajectories);
}

TEST_CASE("single precision obeys the same law", "[stationary]") {
  CHECK_ESTIMATE(mean_square(simulate<float>(quadratic("euler-maruyama", 2, 0.1, 0.0125))), 0.00694444444, 1e-5);
  CHECK_ESTIMATE(occupancy(simulate<float>(double_well("euler-maruyama", 0.05, 0.1)), 0), 0.485547163, 2e-3);
}

TEST_CASE("a step size on a correlated quadratic shows in the covariance matrix as theory says", "[stationary]") {
  // H Sigma + Sigma H - h H Sigma H = 2 T I for H = diag(0.5, 1, 4) in its own axes: T / (k (1 - k h / 2)) each.
  Run run = quadratic("euler-maruyama", 1, 0.1, 0.025);
  run.parameters = {{"curvatures", std::vector<double>{0.5, 1, 4}}};
  run.plan.burn_in = 1000;
  const sde::RunStatistics s = simulate(run);
  const double curvatures[] = {0.5, 1, 4};
  const int square[] = {3, 6, 8};  // theta_i theta_i among the sums
  for (int i = 0; i < 3; ++i) {
    const double exact = 0.025 / (curvatures[i] * (1 - curvatures[i] * 0.1 / 2));
    CHECK_ESTIMATE(mean(s, square[i]), exact, 2e-3 * exact);
  }
  CHECK_ESTIMATE(mean(s, 4), 0, 1e-4);  // theta_0 theta_1
  CHECK_ESTIMATE(temperature(s), 0.025, 2e-3 * 0.025);
}

TEST_CASE("Euler-Maruyama samples its own law on the double well, not Gibbs'", "[stationary]") {
  const sde::RunStatistics s = simulate(double_well("euler-maruyama", 0.05, 0.1));
  CHECK_ESTIMATE(occupancy(s, 0), 0.485547163196, 2e-3);  // Gibbs: 0.454362566986
  CHECK_ESTIMATE(mean_square(s), 0.949008279682, 2e-4);
  CHECK_ESTIMATE(mean_loss(s), 0.120504585380, 2e-4);
  CHECK(std::abs(occupancy(s, 0).value - 0.454362566986) > 0.02);
}

TEST_CASE("Leimkuhler-Matthews samples the double well to second order", "[stationary]") {
  const sde::RunStatistics s = simulate(double_well("leimkuhler-matthews", 0.05, 0.1));
  CHECK_ESTIMATE(occupancy(s, 0), 0.4511320, 2e-3);
  CHECK_ESTIMATE(mean_square(s), 0.9554292, 2e-4);
}

TEST_CASE("the measured temperature is that of the law, at any step, for every scheme that says so", "[stationary]") {
  for (const sde::SchemeFacts& facts : sde::schemes())
    for (double time_step : {0.02, 0.1}) {
      if (!facts.exact_temperature || facts.quadratic_alone) continue;
      INFO(facts.name << " at h = " << time_step);
      Run run = double_well(std::string(facts.name), time_step, 0.1);
      run.plan.burn_in /= 4;
      run.plan.steps = run.plan.steps * 2 / 3;
      const double exact = sde::effective_temperature(run.scheme_parameters());
      CHECK_ESTIMATE(temperature(simulate(run)), exact, 2e-3 * exact);
    }
}

TEST_CASE("schemes of two gradients have the variances of their amplification factors on a quadratic", "[stationary]") {
  const double curvature = 2, T = 0.0125;
  for (double z : {0.2, 0.5, 1.0}) {
    const double heun = (2 - z) / (2 - z + z * z / 2);
    const double sra1 = 2 * (1 - z + z * z / 3) / ((1 - z / 2) * (2 - z + z * z / 2));
    for (const auto& [scheme, factor] : {std::pair{"stochastic-heun", heun}, std::pair{"sra1", sra1}}) {
      INFO(scheme << " at h k = " << z);
      const sde::RunStatistics s = simulate(quadratic(scheme, curvature, z / curvature, T));
      CHECK_ESTIMATE(mean_square(s), factor * T / curvature, 2e-3 * T / curvature);
      CHECK_ESTIMATE(temperature(s), factor * T, 2e-3 * T);
    }
  }
}

TEST_CASE("splittings of kinetic dynamics have their own variances on a quadratic, at any friction", "[stationary]") {
  // k = 4, h = 0.4: T / k for BAOAB and ABOBA, T / (k (1 - h^2 k / 4)) for OBABO.
  for (const auto& [scheme, exact] : {std::pair{"baoab", 0.25}, {"aboba", 0.25}, {"obabo", 0.297619047619}})
    for (double friction : {0.5, 3.0}) {
      INFO(scheme << " with friction " << friction);
      Run run = quadratic(scheme, 4, 0.4, 1);
      run.friction = friction;
      run.plan.burn_in = 400;
      const sde::RunStatistics s = simulate(run);
      CHECK_ESTIMATE(mean(s, 0), 0, 1e-3);
      CHECK_ESTIMATE(mean_square(s), exact, 1e-3);
      CHECK_ESTIMATE(temperature(s), 1, 5e-3);
    }
}

TEST_CASE("BAOAB samples the double well at a step where Euler-Maruyama is far off", "[stationary]") {
  Run run = double_well("baoab", 0.1, 0.2);
  run.plan.burn_in = 4000;
  CHECK_ESTIMATE(occupancy(simulate(run), 0), 0.544314148929, 1e-3);
}

TEST_CASE("SGD with momentum has the variance that theory gives at any learning rate", "[stationary]") {
  // k = 2, eta = 0.1, mu = 0.9, sigma^2 / S = 0.25: T = 0.0125, T / (1 - mu) = 0.125.
  for (const auto& [scheme, exact] : {std::pair{"heavy-ball", 0.0659722222}, {"nesterov", 0.0236992945}}) {
    Run run = quadratic(scheme, 2, 0.1, 0.0125);
    run.momentum = 0.9;
    const sde::RunStatistics s = simulate(run);
    INFO(scheme);
    CHECK_ESTIMATE(mean_square(s), exact, 1e-4);
    CHECK_ESTIMATE(temperature(s), 0.125, 1e-3);
  }
  // k = 1, eta = 0.01, mu = 0.9, sigma^2 / S = 1
  Run run = quadratic("heavy-ball", 1, 0.01, 0.005);
  run.momentum = 0.9;
  CHECK_ESTIMATE(mean_square(simulate(run)), 0.0501319261, 2e-4);
}

TEST_CASE("the curvature from which a scheme says that it is unstable is where it becomes so", "[stationary]") {
  for (const sde::SchemeFacts& facts : sde::schemes()) {
    Run run = quadratic(std::string(facts.name), 1, 0.3, 0.01);
    const double limit = facts.unstable_from(run.scheme_parameters());
    INFO(facts.name << ": " << limit);
    run.plan.trajectories = 128;
    run.plan.burn_in = 0;
    run.plan.steps = 20'000;
    run.plan.guard_radius = 1000;
    const auto with = [&](double curvature) {
      run.parameters = {{"curvatures", std::vector<double>{curvature}}};
      return simulate(run).diverged;
    };
    CHECK(with(std::isfinite(limit) ? 0.98 * limit : 1e4) == 0);
    if (std::isfinite(limit)) CHECK(with(1.02 * limit) == 128);
  }
}

TEST_CASE("drift-implicit Euler has variance (T/k) / (1 + k h / 2), at steps that explicit schemes cannot take",
          "[stationary]") {
  for (double z : {0.1, 0.5, 1.0, 8.0}) {
    const double exact = 0.0125 / 2 / (1 + z / 2);
    Run run = quadratic("implicit-euler", 2, z / 2, 0.0125);
    run.plan.trajectories = 1024;
    CHECK_ESTIMATE(mean_square(simulate(run)), exact, 2e-3 * exact);
  }
  // In two dimensions, with its own axes.
  Run run = quadratic("implicit-euler", 1, 0.4, 0.1);
  run.parameters = {{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}}};
  run.plan.trajectories = 512;
  run.plan.steps = 20'000;
  // S = T H^-1 (1 + h H / 2)^-1
  const Eigen::Matrix2d H{{2, 0.5}, {0.5, 1}};
  const Eigen::Matrix2d S = 0.1 * (H * (Eigen::Matrix2d::Identity() + 0.2 * H)).inverse();
  const sde::RunStatistics s = simulate(run);
  CHECK_ESTIMATE(mean(s, 2), S(0, 0), 5e-4);
  CHECK_ESTIMATE(mean(s, 3), S(0, 1), 5e-4);
  CHECK_ESTIMATE(mean(s, 4), S(1, 1), 5e-4);
}

TEST_CASE("the exact Ornstein-Uhlenbeck scheme has Gibbs' covariance and the true correlation at any step",
          "[stationary]") {
  for (double time_step : {0.05, 3.0}) {
    Run run = quadratic("exact-ou", 2, time_step, 0.0125);
    run.plan.path_count = 2048;
    run.plan.steps = 4000;
    run.plan.sample_every = 1;
    run.plan.burn_in = 2000;
    const sde::RunStatistics s = simulate(run);
    CHECK_ESTIMATE(mean_square(s), 0.00625, 2e-5);
    CHECK_ESTIMATE(autocorrelation(s, 1), std::exp(-2 * time_step), 2e-3);
    CHECK_ESTIMATE(temperature(s), 0.0125, 4e-5);
  }
  Run run = quadratic("exact-ou", 1, 0.7, 0.1);
  run.parameters = {{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}},
                    {"center", std::vector<double>{1, -2}}};
  const Eigen::Matrix2d S = 0.1 * Eigen::Matrix2d{{2, 0.5}, {0.5, 1}}.inverse();
  const sde::RunStatistics s = simulate(run);
  CHECK_ESTIMATE(mean(s, 0), 1, 1e-3);
  CHECK_ESTIMATE(mean(s, 2), S(0, 0) + 1, 2e-3);
  CHECK_ESTIMATE(mean(s, 3), S(0, 1) - 2, 2e-3);
  CHECK_ESTIMATE(mean(s, 4), S(1, 1) + 4, 2e-3);
}

TEST_CASE("tamed Euler stays where Euler-Maruyama explodes", "[stationary]") {
  Run run{.landscape = "quartic",
          .parameters = {},
          .scheme = "euler-maruyama",
          .time_step = 0.35,
          .temperature = 0.4,
          .plan = {.seed = 5, .trajectories = 1000, .steps = 18'000, .sample_every = 18, .guard_radius = 50}};
  CHECK(simulate(run).diverged > 900);
  run.scheme = "tamed-euler";
  CHECK(simulate(run).diverged == 0);
}

TEST_CASE("a high ratio of learning rate to batch size favours the wide minimum of the channel", "[stationary]") {
  check_channel(0.3, 0.6250335, 50'000, 150'000);
}

TEST_CASE("the wide minimum of the channel at lower temperatures", "[stationary][slow]") {
  check_channel(0.2, 0.5470606, 100'000, 450'000);
  check_channel(0.15, 0.46433266604, 1'000'000, 4'000'000);
}

TEST_CASE("coordinates of a landscape that factorises are independent in high dimension", "[stationary]") {
  // Styblinski-Tang, d = 10, T = 10: the number of coordinates in the left well is binomial.
  const int dim = 10;
  const double left_probability = 0.7856847147;
  const sde::RunStatistics s =
      simulate({.landscape = "styblinski-tang",
                .parameters = {{"dim", std::int64_t(dim)}},
                .scheme = "leimkuhler-matthews",
                .time_step = 0.002,
                .temperature = 10,
                .plan = {.seed = 9,
                         .trajectories = 2048,
                         .burn_in = 20'000,
                         .steps = 40'000,
                         .sample_every = 1000,
                         .start = {.at = {std::vector<double>(dim, -2.9), std::vector<double>(dim, 2.7)}},
                         .path_count = 2048,
                         .path_every = 1000}});
  const auto left_count = [&](std::uint64_t chain, std::uint64_t draw) {
    int left = 0;
    for (int i = 0; i < dim; ++i) left += s.paths[(chain * s.draws + draw) * dim + i] < 0.15673125678;
    return left;
  };
  const std::uint64_t chains_per_replicate = s.chains / 64;
  const auto moment = [&](double center, int power) {
    return over_replicates(64, [&](int g) {
      double sum = 0;
      for (std::uint64_t k = 0; k < chains_per_replicate; ++k)
        for (std::uint64_t draw = 0; draw < s.draws; ++draw)
          sum += std::pow(left_count(g * chains_per_replicate + k, draw) - center, power);
      return sum / double(chains_per_replicate * s.draws);
    });
  };
  const double expected = dim * left_probability;
  CHECK_ESTIMATE(moment(0, 1), expected, dim * 2e-3);
  CHECK_ESTIMATE(moment(expected, 2), expected * (1 - left_probability), 0.03);
}
