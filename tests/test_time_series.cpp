#include "analysis/recorded/time_series.hpp"
#include "tests/recorded_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// Means over stretches of time, diverged trajectories included.

TEST_CASE("a time series follows mean and variance of a quadratic from their start", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.plan.trajectories = 16'384;
  run.plan.burn_in = 0;
  run.plan.steps = 60;
  run.plan.start.at = {{1.5}};
  run.plan.requests = requests(sde::TimeSeriesRequest({theta_0, loss}, 30));
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
    run.plan.requests = requests(sde::TimeSeriesRequest({theta_0}, bins));
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
