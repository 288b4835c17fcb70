#include "analysis/recorded/area_rate.hpp"
#include "analysis/recorded/autocorrelation.hpp"
#include "analysis/recorded/quantiles.hpp"
#include "analysis/recorded/split_r_hat.hpp"
#include "analysis/recorded/time_series.hpp"
#include "sde/observers/autocorrelation.hpp"
#include "sde/observers/trajectory_means.hpp"
#include "sde/statistics_bytes.hpp"
#include "tests/catch.hpp"
#include "tests/noise_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// What is recorded where it is asked for, held against laws that are known exactly.

namespace {

using Kind = sde::Quantity::Kind;
const sde::Quantity theta_0{Kind::theta, 0}, loss{Kind::loss, 0}, basin_0{Kind::basin, 0};

/// theta' = a theta + noise of variance 2 T h, a = 1 - h lambda.
constexpr double h = 0.05, lambda = 2, a = 1 - h * lambda, T = 0.3;
Run ornstein_uhlenbeck() {
  return {.landscape = "quadratic",
          .parameters = {{"curvatures", std::vector<double>{lambda}}},
          .time_step = h,
          .temperature = T,
          .plan = {.seed = 20171113, .trajectories = 512, .burn_in = 200, .steps = 20'000}};
}

/// Entry i of a field with its standard error.
Estimate entry(const analysis::Table& table, const std::string& field, std::size_t i) {
  return {table.field(field)->values[i], table.field(field + "_error")->values[i]};
}

/// Everything at once, in several blocks, some trajectories of which diverge.
Run varied() {
  return {.landscape = "channel",
          .time_step = 0.1,
          .temperature = 0.4,
          .plan = {.seed = 5,
                   .trajectories = 300,
                   .burn_in = 37,
                   .steps = 1800,
                   .sample_every = 18,
                   .requests = {.autocorrelation = {{{theta_0, loss, basin_0}, 100, 70}},
                                .time_series = {{{{Kind::theta, 1}, loss}, 7}},
                                .split_r_hat = {{{theta_0, basin_0}}},
                                .area_rate = {{{0, 1}}}},
                   .guard_radius = 2.4}};
}

template <sde::Real R>
std::optional<sde::RunStatistics> simulate_with(Run run, const sde::Monitor& monitor, const sde::Restart& restart) {
  const auto landscape = landscapes::find(run.landscape).make(run.parameters);
  run.plan.start.at = {{-1, 0}, {1, 0}};
  run.plan.minima = 2;
  const auto scheme = sde::make_scheme<R>(run.scheme, run.scheme_parameters());
  return sde::simulate<R>(landscapes::block_of<R>(*landscape), *scheme, run.plan, monitor, restart);
}

/// The state after at least `steps` steps, or the last, through its bytes.
template <sde::Real R>
sde::SavedState cut(const Run& run, std::uint64_t steps) {
  std::optional<sde::SavedState> state;
  const auto take = [&](const sde::EnsembleState& now) {
    if (sde::average_step(now.outline(), run.plan.trajectories_here()) >= steps) state.emplace(now);
  };
  simulate_with<R>(run, [&](auto...) { return !state; },
                   {.wants = [&] { return !state; }, .take = take, .last = take, .longest_slab = 64});
  REQUIRE(state);
  state->yielded = sde::from_bytes(sde::to_bytes(state->yielded));
  for (sde::Piece& piece : state->pieces) piece = sde::piece_from_bytes(sde::to_bytes(piece));
  return std::move(*state);
}

template <sde::Real R>
void check_same_bits() {
  Run run = varied();
  const sde::RunStatistics whole = *simulate_with<R>(run, {}, {});
  REQUIRE(whole.tallies.size() == 5);
  CHECK(whole.diverged > 5);
  CHECK(whole.diverged < 295);
  for (int threads : {1, 3}) {
    run.plan.threads = threads;
    check_equal(*simulate_with<R>(run, {}, {}), whole);
  }
  for (std::uint64_t steps : {1, 400, 1100, 1836}) {
    const sde::SavedState state = cut<R>(run, steps);
    check_equal(*simulate_with<R>(run, {}, {.from = &state}), whole);
    sde::RunStatistics merged;
    for (std::uint64_t index : {0, 1}) {
      run.plan.part = {index, 2};
      const auto part = *simulate_with<R>(run, {}, {.from = &state, .counts_too = index == 1});
      index == 0 ? merged = sde::from_bytes(sde::to_bytes(part)) : (merged.merge(part), merged);
    }
    run.plan.part = {};
    check_equal(merged, whole);
  }
}

}  // namespace

TEST_CASE("what is recorded is the same to the bit for threads, parts and cuts", "[observers]") {
  check_same_bits<double>();
  check_same_bits<float>();
}

TEST_CASE("what divides up the whole run does not go on as that of a longer one; the rest does", "[observers]") {
  Run run = varied();
  Run longer = run;
  longer.plan.steps *= 2;
  const sde::SavedState state = cut<double>(run, run.plan.total_steps());
  CHECK_THROWS_AS(simulate_with<double>(longer, {}, {.from = &state}), std::invalid_argument);
  for (Run* one : {&run, &longer}) one->plan.requests.time_series = {}, one->plan.requests.split_r_hat = {};
  const sde::SavedState can = cut<double>(run, run.plan.total_steps());
  check_equal(*simulate_with<double>(longer, {}, {.from = &can}), *simulate_with<double>(longer, {}, {}));
}

TEST_CASE("tallies of another shape do not merge", "[observers]") {
  sde::Tally one({"a", "", {{"x", "", {1, 2}}}}, 3), other({"a", "", {{"x", "", {1, 3}}}}, 3);
  CHECK_THROWS_AS(one.merge(other), std::invalid_argument);
}

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
  run.plan.requests = {.autocorrelation = {{{theta_0, loss}, 64, 70}}};
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
      sde::EnsemblePlan plan{.trajectories = trajectories, .requests = {.autocorrelation = {{{loss}, asked, 10}}}};
      std::vector<int> of_replicate(64);
      int starts[2] = {0, 0};
      for (std::uint64_t k = 0; k < trajectories; ++k)
        if (sde::is_followed(plan, k)) {
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
  run.plan.requests.autocorrelation = {{{theta_0, loss}, 512, 400}};
  const sde::RunStatistics s = simulate(run);
  const analysis::Table table = analysis::autocorrelation_table(s, *run.plan.requests.autocorrelation);
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
  run.plan.requests.autocorrelation = {{{theta_0}, 128, 30}};
  const analysis::Table table = analysis::autocorrelation_table(simulate(run), *run.plan.requests.autocorrelation);
  for (const char* field : {"tau", "tau_error", "effective_samples", "effective_samples_error"})
    CHECK(std::isnan(table.field(field)->values[0]));
}

TEST_CASE("a correlation that alternates has a positive autocorrelation time", "[observers]") {
  // rho(k) = (-0.9)^k: (1 - 0.9) / (1 + 0.9).
  Run run = ornstein_uhlenbeck();
  run.parameters = {{"curvatures", std::vector<double>{1}}};
  run.time_step = 1.9;
  run.plan.steps = 2000;
  run.plan.requests.autocorrelation = {{{theta_0}, 256, 1000}};
  const analysis::Table table = analysis::autocorrelation_table(simulate(run), *run.plan.requests.autocorrelation);
  CHECK_ESTIMATE(entry(table, "tau", 0), 0.1 / 1.9, 0.15 * 0.1 / 1.9);
}

TEST_CASE("trajectories that never leave their basin tell no autocorrelation time, however alike replicates are",
          "[observers]") {
  Run run{.landscape = "asymmetric-double-well",
          .time_step = 0.02,
          .temperature = 0.01,
          .plan = {.seed = 3, .trajectories = 256, .burn_in = 500, .steps = 2000}};
  run.plan.requests.autocorrelation = {{{theta_0, basin_0}, 64, 1000}};
  const analysis::Table table = analysis::autocorrelation_table(simulate(run), *run.plan.requests.autocorrelation);
  for (int q : {0, 1}) CHECK(std::isnan(table.field("tau")->values[q]));
}

TEST_CASE("one trajectory tells no error", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.plan.trajectories = 1;
  run.plan.requests.autocorrelation = {{{theta_0}, 1, 1000}};
  run.plan.requests.split_r_hat = {{{theta_0}}};
  run.plan.densities = {{{0}, {50}, {{-2, 2}}}};
  const sde::RunStatistics s = simulate(run);
  const analysis::Table tau = analysis::autocorrelation_table(s, *run.plan.requests.autocorrelation);
  CHECK(std::isnan(tau.field("tau")->values[0]));
  CHECK(std::isnan(entry(tau, "correlation", 1).error));
  CHECK(std::isnan(entry(analysis::split_r_hat_table(*s.tally("split_r_hat"), s.samples), "r_hat", 0).error));
  const analysis::Table quantiles = analysis::quantile_table(run.plan.densities, s.densities, {0.5});
  CHECK(std::isfinite(entry(quantiles, "quantile", 0).value));
  CHECK(std::isnan(entry(quantiles, "quantile", 0).error));
}

TEST_CASE("autocorrelation times of a double well are those of Euler-Maruyama's kernel", "[slow]") {
  // By the resolvent of the kernel at T = 0.2, h = 0.05: 446.46418 and 19.751335 steps. The loss has a slow mode of
  // small weight.
  Run run{.landscape = "asymmetric-double-well",
          .time_step = 0.05,
          .temperature = 0.2,
          .plan = {.seed = 3, .trajectories = 8192, .burn_in = 2000, .steps = 10'000}};
  run.plan.requests.autocorrelation = {{{basin_0, loss}, 64, 5000}};
  const analysis::Table table = analysis::autocorrelation_table(simulate(run), *run.plan.requests.autocorrelation);
  const double exact[] = {446.46418, 19.751335};
  for (int q : {0, 1}) CHECK_ESTIMATE(entry(table, "tau", q), exact[q], 0.025 * exact[q]);
}

TEST_CASE("a time series follows mean and variance of a quadratic from their start", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.plan.trajectories = 16'384;
  run.plan.burn_in = 0;
  run.plan.steps = 60;
  run.plan.start.at = {{1.5}};
  run.plan.requests.time_series = {{{theta_0, loss}, 30}};
  const analysis::Table table = analysis::time_series_table(*simulate(run).tally("time_series"));
  double mean = 1.5, variance = 0;
  for (int b = 0; b < 30; ++b) {  // of two steps each
    double first = 0, second = 0, energy = 0;
    for (int step = 0; step < 2; ++step) {
      mean = a * mean;
      variance = a * a * variance + 2 * T * h;
      first += mean / 2;
      second += (variance + mean * mean) / 2;
    }
    energy = lambda / 2 * second;
    CHECK(table.axis("step")->at[b] == 2 * b + 1.5);
    CHECK_ESTIMATE(entry(table, "mean", 2 * b), first, 0.01);
    CHECK_ESTIMATE(entry(table, "variance", 2 * b), second - first * first, 0.01);
    CHECK_ESTIMATE(entry(table, "mean", 2 * b + 1), energy, 0.01);
  }
}

TEST_CASE("bins of time that do not divide the samples hold each sample once, of diverged trajectories too",
          "[observers]") {
  Run run = varied();
  for (int bins : {1, 7, 64, 99, 100}) {
    run.plan.requests.time_series = {{{theta_0}, bins}};
    const sde::RunStatistics s = simulate(run);
    const sde::Tally& tally = *s.tally("time_series");
    for (int g = 0; g < s.replicates; ++g) {
      double samples = 0, sum = 0;
      for (int b = 0; b < bins; ++b) {
        samples += tally.sums_of(g)[3 * b];
        sum += tally.sums_of(g)[3 * b + 1];
      }
      CHECK(samples == double(s.sample_count[g]));
      CHECK(sum == Approx(s.sums[std::size_t(g) * s.quantities()]).epsilon(1e-9));
    }
  }
}

TEST_CASE("split R-hat is the textbook's, on halves that are known", "[observers]") {
  // Trajectories that all do the same: no noise to speak of, theta_n = a^n from 1.5 or -1.5.
  Run run = ornstein_uhlenbeck();
  run.temperature = 1e-30;
  run.plan.trajectories = 64;
  run.plan.burn_in = 0;
  run.plan.steps = 21;  // halves of 10; the 11th step belongs to none
  run.plan.start.at = {{1.5}, {-1.5}};
  run.plan.requests.split_r_hat = {{{theta_0}}};
  const sde::RunStatistics s = simulate(run);
  std::vector<double> means, variances;
  for (int start : {1, -1})
    for (int first : {1, 12}) {
      double mean = 0, variance = 0;
      for (int n = first; n < first + 10; ++n) mean += start * 1.5 * std::pow(a, n) / 10;
      for (int n = first; n < first + 10; ++n) variance += std::pow(start * 1.5 * std::pow(a, n) - mean, 2) / 9;
      means.push_back(mean);
      variances.push_back(variance);
    }
  double between = 0, within = 0;  // 32 of each of these four; their mean is 0
  for (int k = 0; k < 4; ++k) {
    between += 32 * means[k] * means[k] / 127;
    within += variances[k] / 4;
  }
  const analysis::Table table = analysis::split_r_hat_table(*s.tally("split_r_hat"), s.samples);
  CHECK(table.field("r_hat")->values[0] == Approx(std::sqrt((0.9 * within + between) / within)).epsilon(1e-9));
}

TEST_CASE("split R-hat is 1 where every half has seen the law", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.plan.requests.split_r_hat = {{{theta_0, loss}}};
  const sde::RunStatistics s = simulate(run);
  const analysis::Table table = analysis::split_r_hat_table(*s.tally("split_r_hat"), s.samples);
  // The variance of a half's mean is Var tau / n, less what the variance within lacks of the same: R^2 = 1 + (tau - 1)
  // / n.
  const double n = 10'000, tau = (1 + a) / (1 - a);
  CHECK_ESTIMATE(entry(table, "r_hat", 0), std::sqrt(1 + (tau - 1) / n), 2e-4);
}

TEST_CASE("quantiles of a Gaussian are its own, in the bins and beyond them", "[observers]") {
  Run run = ornstein_uhlenbeck();
  const double deviation = std::sqrt(T / lambda / (1 - h * lambda / 2));
  run.plan.densities = {{{0}, {400}, {{-2.0, 2.0}}}, {{0}, {10}, {{0.0, 1.0}}}};
  const sde::RunStatistics s = simulate(run);
  const analysis::Table table = analysis::quantile_table(run.plan.densities, s.densities, {0.05, 0.5, 0.95});
  const double exact[] = {-1.6448536269514722, 0, 1.6448536269514722};
  for (int i = 0; i < 3; ++i) CHECK_ESTIMATE(entry(table, "quantile", i), exact[i] * deviation, 2e-3);
  CHECK(std::isnan(table.field("quantile")->values[3]));  // below the range
  CHECK(table.field("quantile")->values[5] == Approx(exact[2] * deviation).epsilon(0.02));
  CHECK(analysis::quantile(run.plan.densities[1], {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0}, 0.25).linear == Approx(0.05));
  CHECK(std::isnan(analysis::quantile(run.plan.densities[1], {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}, 0.4).cubic));
  CHECK(std::isnan(analysis::quantile(run.plan.densities[1], {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0.6).cubic));
}

TEST_CASE("a quantile is right between the edges of wide bins, and its error says what they hide", "[observers]") {
  // N(0, 1): off by no more than the cubic's interpolation error, where the line is off by far more.
  const auto below = [](double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; };
  struct Case {
    int bins;
    double level, exact, by_cubic, by_line;
  };
  for (const Case& c :
       {Case{80, 0.05, -1.6448536270, 1e-5, -5.732e-4}, Case{40, 0.05, -1.6448536270, 3.674e-4, -0.018445},
        Case{20, 0.05, -1.6448536270, -3.14e-5, -0.048476}, Case{20, 0.1, -1.2815515655, 1.159e-3, -0.032700},
        Case{20, 0.5, 0, 0, 0}}) {
    const sde::DensityGrid grid{{0}, {c.bins}, {{-6, 6}}};
    std::vector<double> cells;
    for (int k = 0; k < c.bins; ++k) cells.push_back(below(grid.edge(0, k + 1)) - below(grid.edge(0, k)));
    cells.insert(cells.end(), {below(-6), below(-6)});
    const analysis::Quantile found = analysis::quantile(grid, cells, c.level);
    CHECK(found.cubic - c.exact == Approx(c.by_cubic).margin(2e-5));
    CHECK(found.linear - c.exact == Approx(c.by_line).margin(2e-6));

    // Replicates that are all alike: the bins are all that is left.
    sde::Counts counts(1, 64, c.bins + 2);
    for (int g = 0; g < 64; ++g)
      for (int k = 0; k < c.bins + 2; ++k) counts(0, g, k) = std::uint64_t(std::llround(1e12 * cells[k]));
    const Estimate quantile = entry(analysis::quantile_table({grid}, {counts}, {c.level}), "quantile", 0);
    CHECK(quantile.error == Approx(std::abs(c.by_cubic - c.by_line) / 4).margin(1e-5));
    CHECK(std::abs(quantile.value - c.exact) <= quantile.error + 1e-9);
  }
}

TEST_CASE("under detailed balance no area is swept, whatever the curvatures", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.parameters = {{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}},
                    {"center", std::vector<double>{3, -1}}};
  run.plan.requests.area_rate = {{{0, 1}}};
  const analysis::Table table = analysis::area_rate_table(*simulate(run).tally("area_rate"), h);
  CHECK_ESTIMATE(entry(table, "area_rate", 0), 0, 1e-3);
}

TEST_CASE("the area rate is that of every move from sample to sample", "[observers]") {
  // No noise to speak of: x_n = a^n, y_n = b^n, and a move sweeps (x_n y_{n+1} - y_n x_{n+1}) / 2 = (a b)^n (b - a)
  // / 2.
  Run run = ornstein_uhlenbeck();
  run.temperature = 1e-30;
  run.parameters = {{"curvatures", std::vector<double>{lambda, 1}}};
  run.plan.trajectories = 64;
  run.plan.burn_in = 5;
  run.plan.steps = 30;
  run.plan.start.at = {{1, 1}};
  run.plan.requests.area_rate = {{{0, 1}, {1, 0}}};
  const double b = 1 - h;
  double area = 0;
  for (int n = 6; n < 35; ++n) area += std::pow(a * b, n) * (b - a) / 2;
  const analysis::Table table = analysis::area_rate_table(*simulate(run).tally("area_rate"), h);
  CHECK(table.field("area_rate")->values[0] == Approx(area / 29 / h).epsilon(1e-9));
  CHECK(table.field("area_rate")->values[1] == Approx(-area / 29 / h).epsilon(1e-9));
}

TEST_CASE("noise that does not commute with the Hessian drives a current, and it costs entropy", "[observers][heavy]") {
  // H = [[2, .5], [.5, 1]], C = [[1, .3], [.3, 2]], eta / S = 0.1, Euler-Maruyama at h = 0.1. From step to step the
  // rate is (H S - S H)_12 / 2 with the scheme's own covariance S; over 5 steps <x_2' x_1> - <x_1' x_2> =
  // 0.007493610619.
  const double rate = (2 * -0.011715930036 + 0.5 * 0.111222726041 - (0.5 * 0.031153697828 - 0.011715930036)) / 2;
  const double exact[] = {rate, 0.007493610619 / (2 * 0.5)};
  const int every[] = {1, 5};
  for (int k : {0, 1}) {
    const sde::RunStatistics s = sample(
        {"name = \"quadratic\"\nhessian = [[2.0, 0.5], [0.5, 1.0]]",
         "learning_rate = 0.1\nbatch_size = 1\nnoise = { kind = \"covariance\", matrix = [[1.0, 0.3], [0.3, 2.0]] }",
         "trajectories = 4096\nburn_in = 500\nsteps = 20_000\nsample_every = " + std::to_string(every[k]),
         "density = []\narea_rate = [[0, 1]]"});
    const analysis::Table table = analysis::area_rate_table(*s.tally("area_rate"), 0.1 * every[k]);
    CHECK_ESTIMATE(entry(table, "area_rate", 0), exact[k], 1e-4);
    const auto [bound, error] = entry(table, "entropy_production", 0);
    CHECK(bound > 5 * error);
    CHECK(bound < 0.111692844677 + 5 * error);  // Tr(D^-1 H S H) - Tr H
  }
}
