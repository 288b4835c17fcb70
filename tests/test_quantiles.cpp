#include "analysis/recorded/quantiles.hpp"
#include "tests/recorded_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// Quantiles of a coordinate from the counts of its bins.

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
