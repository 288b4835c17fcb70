#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "analysis/verdict/planning.hpp"
#include "analysis/verdict/verdict.hpp"
#include "tests/catch.hpp"
#include "tests/synthetic_run.hpp"

using namespace kramers;
using analysis::Decision;

namespace {

constexpr double tolerance = 0.01, temperature = 0.1;
// Of the double well at T = 0.1: relaxation rate, sampled time, relaxation rate within a basin.
constexpr double rate = 0.00902, sampled_time = 2700, rate_within = 4;

struct Direction {
  std::string name;
  std::vector<double> d;
};

/// Ways to be wrong, each adding up to 0 over the cells.
std::vector<Direction> directions(const test::TwoBasins& wells) {
  const auto& p = wells.p;
  const double left = test::TwoBasins::weight_of_left(p);
  std::vector<double> shift(p.size()), shadow(p.size()), alternating(p.size());
  double mean = 0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    shift[k] = test::TwoBasins::left(int(k)) ? p[k] / left : -p[k] / (1 - left);
    shadow[k] = wells.slope[k] * wells.slope[k] / (4 * temperature) - wells.curvature[k] / 2;
    mean += p[k] * shadow[k];
  }
  for (std::size_t k = 0; k < p.size(); ++k) shadow[k] = p[k] * (shadow[k] - mean);
  for (std::size_t k = 0; k + 1 < p.size(); k += 2) {
    const double step = std::min(p[k], p[k + 1]);
    alternating[k] = step, alternating[k + 1] = -step;
  }
  const auto warmer = test::TwoBasins(1.01 * temperature).p;
  std::vector<double> hotter(p.size());
  for (std::size_t k = 0; k < p.size(); ++k) hotter[k] = warmer[k] - p[k];
  return {
      {"basin shift", shift}, {"shadow density", shadow}, {"temperature", hotter}, {"alternating bins", alternating}};
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

Tally judge_often(int repetitions, double trajectories, double size, const Direction& direction,
                  const std::vector<double>& start_weights, unsigned seed) {
  const test::TwoBasins wells(temperature);
  const double left = test::TwoBasins::weight_of_left(wells.p);
  const double deviation = analysis::basin_weight_deviation(left, rate, sampled_time);
  const test::SyntheticRun run{.law = law_at(size, wells.p, direction.d),
                               .weight_error = deviation / std::sqrt(trajectories),
                               .samples = trajectories * sampled_time * rate_within / 2};
  analysis::JudgeSettings settings;
  settings.sampling.basin_weights = start_weights;
  const auto expected = run.expected();
  std::mt19937_64 generator(seed);
  Tally tally;
  for (int i = 0; i < repetitions; ++i) {
    const auto verdict = analysis::judge(run.draw(generator), expected, wells.p, settings);
    if (verdict.decision == Decision::agrees)
      ++tally.agrees;
    else if (verdict.decision == Decision::disagrees)
      ++tally.disagrees;
    else
      ++tally.undecided;
  }
  UNSCOPED_INFO(direction.name << " at " << size << ", " << trajectories << " trajectories: " << tally.agrees
                               << " agree, " << tally.disagrees << " disagree, " << tally.undecided
                               << " not enough data");
  return tally;
}

double planned_trajectories(double bias) {
  const test::TwoBasins wells(temperature);
  const double left = test::TwoBasins::weight_of_left(wells.p);
  // What noise within the basins adds to the plug-in value: sum_k sqrt(p_k / n) / sqrt(2 pi), n of one trajectory.
  double floor = 0;
  for (double mass : wells.p)
    floor += std::sqrt(mass / (sampled_time * rate_within / 2)) / std::sqrt(2 * std::numbers::pi);
  return std::ceil(
      analysis::trajectories_to_decide({.deviation = analysis::basin_weight_deviation(left, rate, sampled_time),

                                        .noise = floor,
                                        .start_mismatch = std::abs(0.5 - left),
                                        .bias = bias,
                                        .tolerance = tolerance}));
}

void check_false_decisions(int repetitions, int limit) {
  // Starts are dealt out as the basins weigh, so that R = 0: nothing hides behind the residual of stationarity.
  const test::TwoBasins wells(temperature);
  for (const Direction& direction : directions(wells)) {
    const Tally tally = judge_often(repetitions, 8192, tolerance, direction, {0.5, 0.5}, 20171113);
    INFO(direction.name);
    CHECK(tally.agrees <= limit);
    CHECK(tally.disagrees <= limit);
  }
}

void check_power(int repetitions, const std::vector<double>& sizes) {
  const test::TwoBasins wells(temperature);
  const double left = test::TwoBasins::weight_of_left(wells.p);
  const auto all = directions(wells);
  for (const Direction& direction : all)
    for (double size : sizes) {
      if (size == 0 && &direction != &all.front()) continue;  // the same law in every direction
      const Tally tally = judge_often(repetitions, planned_trajectories(size), size, direction, {left, 1 - left}, 1711);
      INFO(direction.name << " at " << size);
      CHECK((size < tolerance ? tally.agrees : tally.disagrees) >= 0.9 * repetitions);
      CHECK(tally.undecided <= 0.2 * repetitions);
    }
}

}  // namespace

TEST_CASE("at a total variation equal to the tolerance either decision is false and has probability at most alpha",
          "[calibration][slow]") {
  // 99.85 % binomial limit of 1000 trials at 0.05.
  check_false_decisions(1000, 71);
}

TEST_CASE("the planned number of trajectories decides nine times in ten, at no and at twice the tolerated difference",
          "[calibration][slow]") {
  check_power(1000, {0, 2 * tolerance});
}

TEST_CASE("either false decision has probability at most alpha (short)", "[calibration]") {
  // 99.9 % binomial limit of 200 trials at 0.05: 10 + 3.1 * 3.1 = 20.
  check_false_decisions(200, 20);
}

TEST_CASE("the planned number of trajectories decides (short)", "[calibration]") {
  check_power(100, {0, 2 * tolerance});
}
