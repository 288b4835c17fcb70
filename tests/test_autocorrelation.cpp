#include "analysis/recorded/autocorrelation.hpp"
#include "sde/observers/multiple_tau.hpp"
#include "tests/recorded_run.hpp"

using namespace kramers;
using namespace kramers::tests;
using sde::AutocorrelationRequest;

// Correlations of a trajectory with itself, how long they last, and what of that so many samples tell.

TEST_CASE("a correlator's sums are those over all pairs of the samples that it looks at", "[observers]") {
  const sde::MultipleTau correlator(100);
  std::vector<double> memory(correlator.memory()), x;
  for (int n = 0; n < 777; ++n) {
    x.push_back(std::sin(0.1 * n * n) + 0.01 * n);
    correlator.add(memory.data(), n, x.back());
  }
  REQUIRE(correlator.lags() == 17 + 8 + 8 + 4);
  CHECK(correlator.lag(15) == 15);
  CHECK(correlator.lag(17) == 18);
  CHECK(correlator.lag(24) == 32);
  CHECK(correlator.lag(36) == 96);
  for (std::size_t i = 0; i < correlator.lags(); ++i) {
    const std::size_t lag = correlator.lag(i), every = i < 17 ? 1 : i < 25 ? 2 : i < 33 ? 4 : 8;
    double products = 0, factors = 0;
    std::uint64_t pairs = 0;
    for (std::size_t n = lag; n < x.size(); n += every, ++pairs) {
      products += x[n] * x[n - lag];
      factors += x[n] + x[n - lag];
    }
    CHECK(correlator.pairs(i, x.size()) == pairs);
    CHECK(correlator.products(memory.data(), i) == Approx(products).epsilon(1e-12));
    CHECK(correlator.factors(memory.data(), i) == Approx(factors).epsilon(1e-12));
  }
  CHECK(correlator.pairs(20, 0) == 0);
}

TEST_CASE("means of trajectories and of stretches are those of the samples, without diverged trajectories",
          "[observers]") {
  Run run = varied();
  run.plan.trajectories = 64;
  run.plan.requests = requests(AutocorrelationRequest({theta_0, loss}, 64, 70));
  run.plan.path_count = 64;
  run.plan.path_every = run.plan.sample_every;
  const sde::RunStatistics s = simulate(run);
  const sde::Tally& tally = *s.tally("trajectory_means");
  REQUIRE(s.draws == 100);
  std::uint64_t diverged = 0;
  for (int k = 0; k < 64; ++k) {
    const double* path = &s.paths[std::size_t(k) * s.draws * 2];
    const double* sums = tally.sums_of(k);
    if (std::isnan(path[2 * (s.draws - 1)])) {
      ++diverged;
      for (int i = 0; i < 7; ++i) CHECK(sums[i] == 0);
      continue;
    }
    double mean = 0, square = 0, stretches[2] = {0, 0};
    for (int n = 0; n < 100; ++n) {
      mean += path[2 * n] / 100;
      square += path[2 * n] * path[2 * n] / 100;
      if (n < 70) stretches[n / 35] += path[2 * n] / 35;
    }
    const double expected[] = {1,
                               mean,
                               mean * mean,
                               square,
                               2,
                               stretches[0] + stretches[1],
                               stretches[0] * stretches[0] + stretches[1] * stretches[1]};
    for (int i = 0; i < 7; ++i) CHECK(sums[i] == Approx(expected[i]).margin(1e-12));
  }
  CHECK(diverged == s.diverged);
  CHECK(diverged > 0);
}

TEST_CASE("as many trajectories are followed in every replicate, and of all start points", "[observers]") {
  for (std::uint64_t trajectories : {64, 100, 1000, 8192})
    for (std::uint64_t asked : {1, 64, 100, 1000}) {
      if (asked > trajectories) continue;
      const sde::EnsemblePlan plan{.trajectories = trajectories};
      const AutocorrelationRequest request({loss}, asked, 10);
      std::vector<int> of_replicate(64);
      int starts[2] = {0, 0};
      for (std::uint64_t k = 0; k < trajectories; ++k)
        if (request.follows(plan, k)) {
          ++of_replicate[plan.replicate(k)];
          ++starts[k % 2];
        }
      const auto [least, most] = std::ranges::minmax(of_replicate);
      CHECK(most - least <= 1);
      CHECK(starts[0] + starts[1] == int(asked));
      if (trajectories == 8192 && asked >= 64) CHECK(std::abs(starts[0] - starts[1]) <= 8);
    }
}

TEST_CASE("an Ornstein-Uhlenbeck process forgets by (1 - h lambda) a step, its loss by the square",
          "[observers][heavy]") {
  Run run = ornstein_uhlenbeck();
  run.plan.requests = requests(AutocorrelationRequest({theta_0, loss}, 512, 400));
  const sde::RunStatistics s = simulate(run);
  const analysis::Table table =
      analysis::autocorrelation_table(s, *sde::find<AutocorrelationRequest>(run.plan.requests));
  const std::vector<double>& lags = table.axis("lag")->at;
  for (std::size_t i = 1; i < lags.size(); ++i) {
    CHECK_ESTIMATE(entry(table, "correlation", i), std::pow(a, lags[i]), 3e-3);
    CHECK_ESTIMATE(entry(table, "correlation", lags.size() + i), std::pow(a * a, lags[i]), 3e-3);
  }
  // AR(1): tau = (1 + a) / (1 - a), and of x^2 with a^2 in place of a. 512 means tell a variance to 6 %.
  const double exact[] = {(1 + a) / (1 - a), (1 + a * a) / (1 - a * a)};
  for (int q : {0, 1}) {
    CHECK_ESTIMATE(entry(table, "tau", q), exact[q], 0.1 * exact[q]);
    CHECK_ESTIMATE(entry(table, "effective_samples", q), 512 * 20'000.0 / exact[q], 0.1 * 512 * 20'000.0 / exact[q]);
    CHECK(entry(table, "tau", q).error > 0.04 * exact[q]);
  }
}

TEST_CASE("an autocorrelation time that trajectories are too short for is not known", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.plan.steps = 60;  // tau is 19
  run.plan.requests = requests(AutocorrelationRequest({theta_0}, 128, 30));
  const analysis::Table table =
      analysis::autocorrelation_table(simulate(run), *sde::find<AutocorrelationRequest>(run.plan.requests));
  for (const char* field : {"tau", "tau_error", "effective_samples", "effective_samples_error"})
    CHECK(std::isnan(table.field(field)->values[0]));
}

TEST_CASE("a correlation that alternates has a positive autocorrelation time", "[observers]") {
  // rho(k) = (-0.9)^k: (1 - 0.9) / (1 + 0.9).
  Run run = ornstein_uhlenbeck();
  run.parameters = {{"curvatures", std::vector<double>{1}}};
  run.time_step = 1.9;
  run.plan.steps = 2000;
  run.plan.requests = requests(AutocorrelationRequest({theta_0}, 256, 1000));
  const analysis::Table table =
      analysis::autocorrelation_table(simulate(run), *sde::find<AutocorrelationRequest>(run.plan.requests));
  CHECK_ESTIMATE(entry(table, "tau", 0), 0.1 / 1.9, 0.15 * 0.1 / 1.9);
}

TEST_CASE("trajectories that never leave their basin tell no autocorrelation time, however alike replicates are",
          "[observers]") {
  Run run{.landscape = "asymmetric-double-well",
          .time_step = 0.02,
          .temperature = 0.01,
          .plan = {.seed = 3, .trajectories = 256, .burn_in = 500, .steps = 2000}};
  run.plan.requests = requests(AutocorrelationRequest({theta_0, basin_0}, 64, 1000));
  const analysis::Table table =
      analysis::autocorrelation_table(simulate(run), *sde::find<AutocorrelationRequest>(run.plan.requests));
  for (int q : {0, 1}) CHECK(std::isnan(table.field("tau")->values[q]));
}

TEST_CASE("autocorrelation times of a double well are those of Euler-Maruyama's kernel", "[slow]") {
  // By the resolvent of the kernel at T = 0.2, h = 0.05: 446.46418 and 19.751335 steps. The loss has a slow mode of
  // small weight.
  Run run{.landscape = "asymmetric-double-well",
          .time_step = 0.05,
          .temperature = 0.2,
          .plan = {.seed = 3, .trajectories = 8192, .burn_in = 2000, .steps = 10'000}};
  run.plan.requests = requests(AutocorrelationRequest({basin_0, loss}, 64, 5000));
  const analysis::Table table =
      analysis::autocorrelation_table(simulate(run), *sde::find<AutocorrelationRequest>(run.plan.requests));
  const double exact[] = {446.46418, 19.751335};
  for (int q : {0, 1}) CHECK_ESTIMATE(entry(table, "tau", q), exact[q], 0.025 * exact[q]);
}
