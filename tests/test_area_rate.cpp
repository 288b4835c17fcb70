#include "analysis/recorded/area_rate.hpp"
#include "tests/noise_run.hpp"
#include "tests/recorded_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// The area that a plane of coordinates sweeps, and the entropy that this costs.

TEST_CASE("under detailed balance no area is swept, whatever the curvatures", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.parameters = {{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}},
                    {"center", std::vector<double>{3, -1}}};
  run.plan.requests = requests(sde::AreaRateRequest({{0, 1}}));
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
  run.plan.requests = requests(sde::AreaRateRequest({{0, 1}, {1, 0}}));
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
