#include "analysis/recorded/split_r_hat.hpp"
#include "tests/recorded_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// Split R-hat (Gelman et al., Bayesian Data Analysis): halves of trajectories against each other.

TEST_CASE("split R-hat is the textbook's, on halves that are known", "[observers]") {
  // Trajectories that all do the same: no noise to speak of, theta_n = a^n from 1.5 or -1.5.
  Run run = ornstein_uhlenbeck();
  run.temperature = 1e-30;
  run.plan.trajectories = 64;
  run.plan.burn_in = 0;
  run.plan.steps = 21;  // halves of 10; the 11th step belongs to none
  run.plan.start.at = {{1.5}, {-1.5}};
  run.plan.requests = requests(sde::SplitRHatRequest({theta_0}));
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
  run.plan.requests = requests(sde::SplitRHatRequest({theta_0, loss}));
  const sde::RunStatistics s = simulate(run);
  const analysis::Table table = analysis::split_r_hat_table(*s.tally("split_r_hat"), s.samples);
  // The variance of a half's mean is Var tau / n, less what the variance within lacks of the same: R^2 = 1 + (tau - 1)
  // / n.
  const double n = 10'000, tau = (1 + a) / (1 - a);
  CHECK_ESTIMATE(entry(table, "r_hat", 0), std::sqrt(1 + (tau - 1) / n), 2e-4);
}
