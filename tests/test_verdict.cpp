#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/verdict/planning.hpp"
#include "analysis/verdict/variation.hpp"
#include "analysis/verdict/verdict.hpp"
#include "tests/catch.hpp"
#include "tests/synthetic_run.hpp"

using namespace kramers;
using analysis::Decision;
using test::SyntheticRun;
using test::TwoBasins;

namespace {

/// A run that decides easily: weight of the left basin to 0.0005.
SyntheticRun precise(std::vector<double> law) {
  return {.law = std::move(law), .weight_error = 0.0005, .samples = 1e9};
}

analysis::JudgeSettings settings_for(const TwoBasins& wells) {
  analysis::JudgeSettings settings;
  const double left = TwoBasins::weight_of_left(wells.p);
  settings.sampling.trajectories = 8192;
  settings.sampling.basin_weights = {left, 1 - left};
  return settings;
}

analysis::Verdict judge(const SyntheticRun& run, const TwoBasins& wells, const analysis::JudgeSettings& settings) {
  std::mt19937_64 generator(7);
  return analysis::judge(run.draw(generator), run.expected(), wells.p, settings);
}

/// p with the left basin heavier by `size`: TV = size.
std::vector<double> shifted(const TwoBasins& wells, double size) {
  const double left = TwoBasins::weight_of_left(wells.p);
  auto law = wells.p;
  for (int k = 0; k < TwoBasins::cells; ++k) law[k] *= TwoBasins::left(k) ? 1 + size / left : 1 - size / (1 - left);
  return law;
}

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("the true law agrees, with the estimate within its bounds", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto v = judge(precise(wells.p), wells, settings_for(wells));
  INFO(v.reason);
  CHECK(v.decision == Decision::agrees);
  CHECK(v.stationary);
  CHECK(v.lower <= v.total_variation);
  CHECK(v.total_variation <= v.upper);
  CHECK(v.total_variation <= v.plug_in);
}

TEST_CASE("a shifted basin weight disagrees and its size is found", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto v = judge(precise(shifted(wells, 0.03)), wells, settings_for(wells));
  INFO(v.reason);
  CHECK(v.decision == Decision::disagrees);
  CHECK(v.total_variation == Approx(0.03).margin(5 * 0.0005));  // 5 standard errors of the weight
}

TEST_CASE("noise off by sqrt(2), that is twice the temperature, disagrees", "[verdict]") {
  const TwoBasins wells(0.1), hot(0.2);
  CHECK(judge(precise(hot.p), wells, settings_for(wells)).decision == Decision::disagrees);
}

TEST_CASE("a basin that is never visited disagrees, though nothing else moves", "[verdict]") {
  const TwoBasins wells(0.1);
  const double left = TwoBasins::weight_of_left(wells.p);
  const auto law = shifted(wells, 1 - left);  // all in the left one
  auto run = precise(law);
  run.weight_error = 0;
  auto settings = settings_for(wells);
  settings.sampling.groups_are_starts = false;  // one start point, halves in time
  settings.sampling.basin_weights.clear();
  settings.sampling.relaxation_time = 100, settings.sampling.sampled_time = 2000;
  const auto v = judge(run, wells, settings);
  INFO(v.reason);
  CHECK(v.decision == Decision::disagrees);
  CHECK(v.total_variation == Approx(1 - left).margin(0.001));
}

TEST_CASE("where both basins weigh one half, two start groups that never mix do not agree", "[verdict][stationary]") {
  // Their mixture is the prediction to the last digit and R = 0: only D can tell.
  const TwoBasins wells(0.1);
  const auto even = shifted(wells, 0.5 - TwoBasins::weight_of_left(wells.p));
  auto run = precise(even);
  run.weight_error = 0;
  run.from_left_shift = 0.5;
  auto settings = settings_for(wells);
  settings.sampling.basin_weights = {0.5, 0.5};
  settings.sampling.relaxation_time = 5000, settings.sampling.sampled_time = 2700;
  std::mt19937_64 generator(1);
  const auto v = analysis::judge(run.draw(generator), run.expected(), even, settings);
  INFO(v.reason);
  CHECK(v.upper < settings.tolerance);  // without the gate this would agree
  CHECK(v.decision == Decision::not_enough_data);
  CHECK_FALSE(v.stationary);
  CHECK(v.distance_between_groups == Approx(1));
  CHECK(mentions(v.reason, "not stationary"));
  CHECK(mentions(v.reason, "5e+03"));
}

TEST_CASE("sampling that starts before the burn-in is over is not stationary", "[verdict][stationary]") {
  // Starts half and half where the left basin weighs 0.454; the groups still differ by 0.08 <= 0.1, so that the whole
  // is off by R = 0.046 * 0.08 = 0.0037 > tolerance / 5.
  const TwoBasins wells(0.1);
  auto run = precise(wells.p);
  run.from_left_shift = 0.04;
  const auto v = judge(run, wells, settings_for(wells));
  INFO(v.reason);
  CHECK(v.decision == Decision::not_enough_data);
  CHECK(v.residual == Approx(0.0037).epsilon(0.1));
}

TEST_CASE("what the start may still contribute counts on either side of the tolerance", "[verdict][stationary]") {
  // The groups differ by 0.03, so that R = 0.046 * 0.03 = 0.0014 is allowed: more than U or L is away from 0.01.
  const TwoBasins wells(0.1);
  for (double size : {0.0085, 0.0115}) {
    auto run = precise(shifted(wells, size));
    run.from_left_shift = 0.015;
    const auto v = judge(run, wells, settings_for(wells));
    INFO(v.reason);
    CHECK(v.stationary);
    CHECK((size < v.tolerance ? v.upper < v.tolerance : v.lower > v.tolerance));
    CHECK(v.decision == Decision::not_enough_data);
  }
}

TEST_CASE("a residual of stationarity that nobody knows is the distance itself", "[verdict][stationary]") {
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  settings.sampling.basin_weights.clear();
  const auto v = judge(precise(wells.p), wells, settings);
  CHECK(v.residual == v.distance_between_groups);
}

TEST_CASE("halves in time: the residual is coth(t / 4 t_relax) / 2 of their distance", "[verdict][stationary]") {
  // An excess exp(-t / t_r): mean over the whole, over the difference of the means over the halves.
  const double sampled = 3, relaxation = 1;
  const auto mean = [](double a, double b) { return (std::exp(-a) - std::exp(-b)) / (b - a); };
  const double exact = mean(0, sampled) / (mean(0, sampled / 2) - mean(sampled / 2, sampled));
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  settings.sampling.groups_are_starts = false;
  settings.sampling.relaxation_time = relaxation, settings.sampling.sampled_time = sampled;
  const auto v = judge(precise(wells.p), wells, settings);
  CHECK(v.residual == Approx(exact * v.distance_between_groups));
}

TEST_CASE("a diverged trajectory never agrees", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto run = precise(wells.p);
  std::mt19937_64 generator(7);
  auto counts = run.draw(generator);
  counts(0, 0, 70) -= 10;
  const auto v = analysis::judge(counts, run.expected(), wells.p, settings_for(wells));
  CHECK(v.diverged_samples == 10);
  CHECK(v.upper < v.tolerance);
  CHECK(v.decision == Decision::not_enough_data);
  CHECK(mentions(v.reason, "diverged"));

  auto settings = settings_for(wells);
  settings.sampling.diverged = 1;  // after its last sample
  CHECK(judge(run, wells, settings).decision == Decision::not_enough_data);
}

TEST_CASE("samples lost to diverged trajectories are a cell of prediction zero", "[verdict]") {
  // 3 % of every replicate lost in proportion: TV = 0.03, half of it in that cell.
  const TwoBasins wells(0.1);
  auto law = wells.p;
  const auto run = precise(law);
  std::mt19937_64 generator(7);
  auto counts = run.draw(generator);
  for (auto& n : counts.at) n -= n * 3 / 100;
  const auto v = analysis::judge(counts, run.expected(), wells.p, settings_for(wells));
  CHECK(v.total_variation == Approx(0.03).margin(0.0025));
  CHECK(v.decision == Decision::disagrees);
}

TEST_CASE("fewer than eight replicates are not enough data", "[verdict]") {
  const TwoBasins wells(0.1);
  sde::Counts counts(2, 7, TwoBasins::cells), expected(2, 7, 1);
  for (auto& n : expected.at) n = 1000;
  for (int group = 0; group < 2; ++group)
    for (int g = 0; g < 7; ++g) counts(group, g, 50) = 1000;
  const auto v = analysis::judge(counts, expected, wells.p, settings_for(wells));
  CHECK(v.decision == Decision::not_enough_data);
  CHECK(mentions(v.reason, "at least 8"));
}

TEST_CASE("too noisy a run says how many trajectories would decide, and so many do", "[verdict]") {
  const TwoBasins wells(0.1);
  auto run = precise(wells.p);
  run.weight_error = 0.006;
  run.samples = 1e7;
  std::mt19937_64 generator(3);
  const auto settings = settings_for(wells);
  const auto v = analysis::judge(run.draw(generator), run.expected(), wells.p, settings);
  INFO(v.reason);
  REQUIRE(v.decision == Decision::not_enough_data);
  REQUIRE(v.trajectories_to_decide);
  const double times = *v.trajectories_to_decide / 8192;
  CHECK(times > 1);
  run.weight_error /= std::sqrt(times);
  run.samples *= times;
  CHECK(analysis::judge(run.draw(generator), run.expected(), wells.p, settings).decision == Decision::agrees);
}

TEST_CASE("a known bias that straddles the tolerance is undecidable", "[verdict][bias]") {
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  settings.integrator_law = shifted(wells, settings.tolerance);
  const auto v = judge(precise(settings.integrator_law), wells, settings);
  INFO(v.reason);
  CHECK(v.decision == Decision::not_enough_data);
  CHECK(mentions(v.reason, "reduce h"));
  CHECK_FALSE(v.trajectories_to_decide);
}

TEST_CASE("agreement within the tolerance and a bias seen beyond three standard errors are both said",
          "[verdict][bias]") {
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  settings.integrator_law = shifted(wells, 0.004);
  const auto v = judge(precise(settings.integrator_law), wells, settings);
  INFO(v.reason);
  CHECK(v.decision == Decision::agrees);
  CHECK(*v.bias_of_step == Approx(0.004));
  CHECK(*v.bias_seen_at == Approx(0.004 / 0.0005).margin(5));
  CHECK(*v.unexplained < *v.bias_of_step / 2);
  CHECK(mentions(v.reason, "standard errors"));
}

TEST_CASE("many comparisons and many looks make either verdict harder", "[verdict]") {
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  const auto once = judge(precise(wells.p), wells, settings);
  settings.comparisons = 10;
  const auto among_ten = judge(precise(wells.p), wells, settings);
  CHECK(among_ten.alpha == once.alpha);  // "all agree" needs no correction
  CHECK(among_ten.upper == once.upper);
  CHECK(among_ten.alpha_disagrees == Approx(0.005));
  settings.looks = 2;
  const auto third_look = judge(precise(wells.p), wells, settings);
  CHECK(third_look.alpha == Approx(0.0125));
  CHECK(third_look.alpha_disagrees == Approx(0.00125));
  CHECK(third_look.upper > once.upper);
}

TEST_CASE("bins too wide, or that resolve too little, are warned of", "[verdict]") {
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  settings.bins = {.temperature = 0.1, .largest_curvature = 4, .widest_bin = 0.05};  // limit 0.35 sqrt(0.025) = 0.055
  settings.resolved_share = 0.96;
  CHECK(judge(precise(wells.p), wells, settings).warnings.empty());
  settings.bins->widest_bin = 0.06;
  settings.resolved_share = 0.94;
  CHECK(judge(precise(wells.p), wells, settings).warnings.size() == 2);
}

TEST_CASE("two samples of one law agree, of two laws disagree", "[verdict][compare]") {
  const TwoBasins wells(0.1);
  auto settings = settings_for(wells);
  settings.other = settings.sampling;
  const auto run = precise(wells.p), other = precise(shifted(wells, 0.03));
  std::mt19937_64 generator(5);
  const auto a = run.draw(generator), b = run.draw(generator), c = other.draw(generator);
  const auto due = run.expected();
  CHECK(analysis::compare(a, due, b, due, settings).decision == Decision::agrees);
  const auto v = analysis::compare(a, due, c, due, settings);
  INFO(v.reason);
  CHECK(v.decision == Decision::disagrees);
  CHECK(v.total_variation == Approx(0.03).margin(5 * 0.0005 * std::sqrt(2.0)));
  // With the second sample as exact as a prediction, a comparison is a judgement.
  const auto judged = analysis::judge(a, due, wells.p, settings);
  auto exact = run;
  exact.weight_error = 0, exact.samples = 1e15;
  const auto compared = analysis::compare(a, due, exact.draw(generator), due, settings);
  CHECK(compared.upper == Approx(judged.upper).epsilon(1e-3));
  CHECK(compared.lower == Approx(judged.lower).margin(1e-6));
}

TEST_CASE("the error of the upper bound is the largest over all signs", "[variation]") {
  // Few enough cells to try every sign vector; all cells free since the prediction is the mean.
  std::mt19937_64 generator(11);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 20; ++trial) {
    Eigen::MatrixXd f(16, 10);
    for (double& x : f.reshaped()) x = 0.1 + 0.001 * normal(generator);
    for (int g = 0; g < 16; ++g) {  // two basins of five cells that exchange weight
      const double exchange = 0.001 * normal(generator);
      for (int k = 0; k < 10; ++k) f(g, k) += k < 5 ? exchange : -exchange;
    }
    const Eigen::VectorXd mean = f.colwise().mean();
    const Eigen::MatrixXd x = (f.rowwise() - mean.transpose()) / std::sqrt(16.0 * 15.0);
    double best = 0;
    for (int mask = 0; mask < 1024; ++mask) {
      Eigen::VectorXd s(10);
      for (int k = 0; k < 10; ++k) s[k] = mask >> k & 1 ? 1 : -1;
      best = std::max(best, (x * s).norm() / 2);
    }
    CHECK(analysis::variation_from(f, mean).upper_error == Approx(best));
  }
}

TEST_CASE("between two samples the squares of their errors add", "[variation]") {
  // So far apart that no sign is in doubt: then either error is that against the other's mean.
  std::mt19937_64 generator(17);
  std::normal_distribution<double> normal;
  Eigen::MatrixXd a(64, 10), b(64, 10);
  for (double& x : a.reshaped()) x = 0.1 + 0.001 * normal(generator);
  for (double& x : b.reshaped()) x = 0.1 + 0.002 * normal(generator);
  for (int k = 0; k < 10; ++k) b.col(k).array() += k % 2 ? 0.01 : -0.01;
  const auto of_a = analysis::variation_from(a, b.colwise().mean()),
             of_b = analysis::variation_from(b, a.colwise().mean());
  const auto v = analysis::variation_between(a, b);
  CHECK(v.cross_fitted == Approx(of_a.cross_fitted));
  CHECK(v.cross_fitted_error == Approx(std::hypot(of_a.cross_fitted_error, of_b.cross_fitted_error)));
  CHECK(v.upper_error >= Approx(v.cross_fitted_error));
}

TEST_CASE("forty thousand cells need no matrix of cells by cells", "[variation]") {
  std::mt19937_64 generator(13);
  std::normal_distribution<double> normal;
  Eigen::MatrixXd f(64, 40000);
  for (double& x : f.reshaped()) x = (1 + 0.1 * normal(generator)) / 40000;
  const auto v = analysis::variation_from(f, Eigen::VectorXd::Constant(40000, 1 / 40000.0));
  // Independent cells: se = 0.1 / 8 of each, so the floor is 0.0125 / sqrt(2 pi) and the plug-in value equals it.
  CHECK(v.noise_floor == Approx(0.0125 / std::sqrt(2 * std::numbers::pi)).epsilon(0.01));
  CHECK(v.plug_in == Approx(v.noise_floor).epsilon(0.02));
  CHECK(std::abs(v.cross_fitted) < 5 * v.cross_fitted_error);
}

TEST_CASE("a plan needs the square of noise over distance to the tolerance", "[planning]") {
  // The double well at T = 0.1, sampled for t = 2700 with a bias of 0.0042: about 5000 trajectories.
  const double s = analysis::basin_weight_deviation(0.4544, 0.00902, 2700);
  CHECK(analysis::expected_error(s, 8192) == Approx(0.0016).epsilon(0.03));
  const double m = analysis::trajectories_to_decide({.deviation = s, .bias = 0.0042});
  CHECK(m == Approx(5000).epsilon(0.06));
  CHECK(analysis::trajectories_to_decide({.deviation = s / 2, .bias = 0.0042}) == Approx(m / 4));
  CHECK(std::isinf(analysis::trajectories_to_decide({.deviation = s, .bias = 0.01})));
}

TEST_CASE("the verdict of several is the worst; disagreement outranks a lack of data", "[verdict]") {
  using enum Decision;
  CHECK(analysis::worst(std::vector{agrees, not_enough_data}) == not_enough_data);
  CHECK(analysis::worst(std::vector{disagrees, not_enough_data, agrees}) == disagrees);
  CHECK(analysis::worst(std::vector{agrees, agrees}) == agrees);
  CHECK(analysis::to_string(not_enough_data) == "not enough data");
}

TEST_CASE("what cannot be judged is refused", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto run = precise(wells.p);
  std::mt19937_64 generator(7);
  const auto counts = run.draw(generator);
  auto settings = settings_for(wells);
  const auto refused = [&](const std::vector<double>& p, const analysis::JudgeSettings& s) {
    CHECK_THROWS_AS(analysis::judge(counts, run.expected(), p, s), std::invalid_argument);
  };
  refused({0.5, 0.5}, settings);
  auto twice = wells.p;
  for (double& mass : twice) mass *= 2;
  refused(twice, settings);
  settings.tolerance = 0;
  refused(wells.p, settings);
  settings = settings_for(wells);
  settings.sampling.basin_weights = {1, 0, 0};
  refused(wells.p, settings);
}
