#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "analysis/statistics/variation.hpp"
#include "analysis/verdict/planning.hpp"
#include "analysis/verdict/verdict.hpp"
#include "tests/catch.hpp"
#include "tests/synthetic_run.hpp"

// How often the verdict is wrong, and how often it decides: the table of docs/verdict.md. The tag [table] prints it.

using namespace kramers;
using analysis::Decision;

namespace {

constexpr double tolerance = 0.01, temperature = 0.1;

// --- the bounds alone, on independent samples
// -------------------------------------------------------------------------

/// N(0, 1) in K - 2 bins of [-3.6, 3.6] and the two cells beyond.
std::vector<double> normal_cells(int cells, double scale = 1) {
  const auto below = [&](double x) { return std::erfc(-x / scale / std::numbers::sqrt2) / 2; };
  std::vector<double> p;
  const double width = 7.2 / (cells - 2);
  for (int k = 0; k < cells - 2; ++k) p.push_back(below(-3.6 + (k + 1) * width) - below(-3.6 + k * width));
  p.push_back(below(-3.6));
  p.push_back(1 - below(3.6));
  return p;
}

struct Case {
  std::string name;
  int cells;
  std::vector<double> direction;  // of the true law from the predicted one; empty: none
  double samples;
  double basin_noise = 0;                // of the weight below 0, in the mean of all replicates
  double upper_excess, estimate_spread;  // as measured before: means of U - TV and of the spread of the estimate
};

std::vector<double> direction(const std::string& name, const std::vector<double>& p) {
  std::vector<double> d(p.size());
  const auto bins = p.size() - 2;
  if (name == "two cells") d[bins / 2] = 1, d[bins / 2 - 1] = -1;
  if (name == "scale") {
    const auto wider = normal_cells(int(p.size()), 1.01);
    for (std::size_t k = 0; k < p.size(); ++k) d[k] = wider[k] - p[k];
  }
  if (name == "alternating")
    for (std::size_t k = 0; k + 1 < bins; k += 2) d[k] = std::min(p[k], p[k + 1]), d[k + 1] = -d[k];
  if (name == "basin shift")
    for (std::size_t k = 0; k < p.size(); ++k) d[k] = k < bins / 2 || k == bins ? p[k] : -p[k];
  return d;
}

struct Outcome {
  double above = 0, below = 0, excess = 0, spread = 0, error = 0;  // shares of U < TV and L > TV; means; sd of estimate
};

Outcome repeat(const Case& c, int repetitions) {
  constexpr int replicates = 64;
  const std::vector<double> p = normal_cells(c.cells);
  std::vector<double> law = p;
  double true_variation = 0;
  if (!c.direction.empty()) {
    double size = 0;
    for (double x : c.direction) size += std::abs(x) / 2;
    for (int k = 0; k < c.cells; ++k) law[k] += tolerance * c.direction[k] / size;
    true_variation = tolerance;
  }
  double left = 0;
  for (int k = 0; k < c.cells; ++k)
    if (k < (c.cells - 2) / 2 || k == c.cells - 2) left += law[k];
  std::mt19937_64 generator(20171113);
  std::normal_distribution<double> normal;
  Outcome outcome;
  double sum = 0, squares = 0;
  for (int i = 0; i < repetitions; ++i) {
    Eigen::MatrixXd f(replicates, c.cells);
    for (int g = 0; g < replicates; ++g) {
      const double off = c.basin_noise * std::sqrt(double(replicates)) * normal(generator);
      auto remaining = std::int64_t(c.samples / replicates);
      double rest = 1;
      for (int k = 0; k < c.cells; ++k) {  // multinomial, a binomial a cell
        const bool is_left = k < (c.cells - 2) / 2 || k == c.cells - 2;
        const double mass = law[k] * (is_left ? 1 + off / left : 1 - off / (1 - left));
        std::binomial_distribution<std::int64_t> draw(remaining, std::clamp(mass / rest, 0.0, 1.0));
        const std::int64_t n = k + 1 < c.cells ? draw(generator) : remaining;
        f(g, k) = double(n) / std::floor(c.samples / replicates);
        remaining -= n;
        rest = std::max(1e-300, rest - mass);
      }
    }
    const auto v = analysis::variation_from(f, Eigen::Map<const Eigen::VectorXd>(p.data(), c.cells), 0.05);
    outcome.above += v.upper < true_variation;
    outcome.below += v.lower(analysis::student_quantile(0.05, replicates - 1)) > true_variation;
    outcome.excess += (v.upper - true_variation) / repetitions;
    outcome.error += v.error / repetitions;
    sum += v.estimate, squares += v.estimate * v.estimate;
  }
  outcome.spread = std::sqrt((squares - sum * sum / repetitions) / (repetitions - 1));
  return outcome;
}

std::vector<Case> bounds_cases() {
  std::vector<Case> cases;
  const auto add = [&](int cells, const std::string& name, double samples, double noise, double excess, double spread) {
    cases.push_back({name, cells, name == "null" ? std::vector<double>() : direction(name, normal_cells(cells)),
                     samples, noise, excess, spread});
  };
  add(26, "null", 2e5, 0, .0054, .0010);
  add(26, "null", 2e6, .003, .0074, .0022);
  add(26, "two cells", 2e5, 0, .0049, .0010);
  add(26, "two cells", 2e6, 0, .0015, .0003);
  add(26, "scale", 2e5, 0, .0022, .0012);
  add(26, "scale", 2e6, 0, .00062, .0003);
  add(26, "alternating", 2e5, 0, .0022, .0013);
  add(26, "alternating", 2e6, 0, .00061, .0004);
  add(26, "basin shift", 2e5, 0, .0021, .0013);
  add(26, "basin shift", 2e6, .003, .0050, .0035);
  add(202, "null", 2e5, 0, .0124, .0010);
  add(202, "two cells", 2e6, 0, .0039, .0003);
  add(202, "scale", 2e5, 0, .0058, .0011);
  add(202, "scale", 2e6, 0, .0009, .0004);
  return cases;
}

void check_bounds(int repetitions, int limit, bool against_table) {
  for (const Case& c : bounds_cases()) {
    if (repetitions < 1000 && c.cells > 100) continue;
    const Outcome o = repeat(c, repetitions);
    const std::string row = fmt::format("| {} {} {:.0e}{} | {:.3f} | {:.5f} | {:.3f} | {:.5f} | {:.5f} |", c.cells,
                                        c.name, c.samples, c.basin_noise > 0 ? " + noise" : "", o.above / repetitions,
                                        o.excess, o.below / repetitions, o.spread, o.error);
    if (against_table) WARN(row);
    INFO(row);
    CHECK(o.above <= limit);
    CHECK(o.below <= limit);
    CHECK(o.error >= 0.9 * o.spread);
    if (!against_table) continue;
    CHECK(o.excess == Approx(c.upper_excess).epsilon(0.1));
    // the table has two digits at most
    CHECK(o.spread == Approx(c.estimate_spread).epsilon(0.1).margin(0.00006));
  }
}

// --- the whole rule, on runs of the double well that have forgotten their start
// ----------------------------------------

// Of the double well at T = 0.1: relaxation rate, burn-in, sampled time, relaxation rate within a basin.
constexpr double rate = 0.00902, burn_in = 500, sampled_time = 2700, rate_within = 4;

struct Direction {
  std::string name;
  std::vector<double> d;
};

/// Ways to be wrong, each adding up to 0 over the cells.
std::vector<Direction> directions(const test::TwoBasins& wells) {
  const auto& p = wells.p;
  const double left = test::TwoBasins::weight_of_left(p);
  std::vector<double> shift(p.size()), alternating(p.size()), two(p.size());
  for (std::size_t k = 0; k < p.size(); ++k)
    shift[k] = test::TwoBasins::left(int(k)) ? p[k] / left : -p[k] / (1 - left);
  for (std::size_t k = 0; k + 1 < p.size(); k += 2) {
    const double step = std::min(p[k], p[k + 1]);
    alternating[k] = step, alternating[k + 1] = -step;
  }
  const auto warmer = test::TwoBasins(1.01 * temperature).p;
  std::vector<double> hotter(p.size());
  for (std::size_t k = 0; k < p.size(); ++k) hotter[k] = warmer[k] - p[k];
  const auto peak = std::ranges::max_element(p) - p.begin();
  two[peak] = -1, two[peak + 1] = 1;
  return {{"basin shift", shift}, {"alternating", alternating}, {"temperature", hotter}, {"two cells", two}};
}

/// p + size d / (sum |d| / 2): a law at this total variation from p exactly.
std::vector<double> law_at(double size, const std::vector<double>& p, const std::vector<double>& d) {
  double norm = 0;
  for (double x : d) norm += std::abs(x) / 2;
  std::vector<double> law = p;
  for (std::size_t k = 0; k < p.size(); ++k) {
    law[k] += size * d[k] / norm;
    REQUIRE(law[k] >= 0);
  }
  return law;
}

struct Tally {
  int agrees = 0, disagrees = 0, undecided = 0;
};

Tally judge_often(int repetitions, double trajectories, double size, const Direction& direction, unsigned seed) {
  const test::TwoBasins wells(temperature);
  const double left = test::TwoBasins::weight_of_left(wells.p);
  const double deviation = analysis::basin_weight_deviation(left, rate, sampled_time);
  const test::SyntheticRun run{.law = law_at(size, wells.p, direction.d),
                               .weight_error = deviation / std::sqrt(trajectories),
                               .samples = trajectories * sampled_time * rate_within / 2};
  const analysis::Stationarity known = test::known_stationarity(burn_in * rate, sampled_time * rate);
  const auto expected = run.expected();
  std::mt19937_64 generator(seed);
  Tally tally;
  for (int i = 0; i < repetitions; ++i) {
    const auto verdict = analysis::judge(run.draw(generator), expected, test::SyntheticRun::length, wells.p, known, {});
    if (verdict.decision == Decision::agrees)
      ++tally.agrees;
    else if (verdict.decision == Decision::disagrees)
      ++tally.disagrees;
    else
      ++tally.undecided;
  }
  UNSCOPED_INFO(direction.name << " at " << size << ", " << trajectories << " trajectories: " << tally.agrees
                               << " agree, " << tally.disagrees << " disagree, " << tally.undecided << " undecided");
  return tally;
}

void check_false_decisions(int repetitions, int limit, bool print) {
  const test::TwoBasins wells(temperature);
  for (const Direction& direction : directions(wells)) {
    const Tally tally = judge_often(repetitions, 8192, tolerance, direction, 20171113);
    if (print) WARN(fmt::format("| {} | {} | {} | {} |", direction.name, repetitions, tally.agrees, tally.disagrees));
    INFO(direction.name);
    CHECK(tally.agrees <= limit);
    CHECK(tally.disagrees <= limit);
  }
}

void check_power(int repetitions, double trajectories, bool print) {
  const test::TwoBasins wells(temperature);
  const auto all = directions(wells);
  const Tally none = judge_often(repetitions, trajectories, 0, all.front(), 1711);
  CHECK(none.agrees >= 0.9 * repetitions);
  CHECK(none.disagrees == 0);
  for (const Direction& direction : all) {
    if (direction.name != "basin shift" && direction.name != "two cells") continue;
    const Tally twice = judge_often(repetitions, trajectories, 2 * tolerance, direction, 1712);
    if (print)
      WARN(fmt::format("| {:g} | {} | {} of {} | {} of {} |", trajectories, direction.name, none.agrees, repetitions,
                       twice.disagrees, repetitions));
    CHECK(twice.disagrees >= 0.9 * repetitions);
    CHECK(twice.agrees == 0);
  }
}

}  // namespace

TEST_CASE("either bound misses the true variation with probability at most alpha", "[calibration][slow][table]") {
  check_bounds(1000, 71, true);  // 99.85 % binomial limit of 1000 trials at 0.05
}

TEST_CASE("either bound misses the true variation with probability at most alpha (short)", "[calibration]") {
  check_bounds(100, 13, false);  // 99.9 % binomial limit of 100 trials at 0.05
}

TEST_CASE("at a total variation equal to the tolerance either decision is false and has probability at most alpha",
          "[calibration][slow][table]") {
  check_false_decisions(1000, 71, true);
}

TEST_CASE("either false decision has probability at most alpha (short)", "[calibration]") {
  check_false_decisions(100, 13, false);
}

TEST_CASE("4096 trajectories decide nine times in ten, at no and at twice the tolerated difference, and never falsely",
          "[calibration][slow][table]") {
  check_power(1000, 4096, true);
}

TEST_CASE("4096 trajectories decide (short)", "[calibration]") { check_power(60, 4096, false); }
