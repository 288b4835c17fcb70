#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/verdict/planning.hpp"
#include "analysis/verdict/verdict.hpp"
#include "tests/catch.hpp"
#include "tests/synthetic_run.hpp"

using namespace kramers;
using analysis::Decision;
using test::known_stationarity;
using test::SyntheticRun;
using test::TwoBasins;

namespace {

/// A run that decides easily: weight of the left basin to 0.0005.
SyntheticRun precise(std::vector<double> law) {
  return {.law = std::move(law), .weight_error = 0.0005, .samples = 1e9};
}

const analysis::Stationarity settled = known_stationarity(20, 100);

analysis::Verdict judge(const SyntheticRun& run, const TwoBasins& wells, const analysis::JudgeSettings& settings = {},
                        const analysis::Stationarity& stationarity = settled, unsigned seed = 7) {
  std::mt19937_64 generator(seed);
  return analysis::judge(run.draw(generator), run.expected(), SyntheticRun::length, wells.p, stationarity, settings);
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
  const auto v = judge(precise(wells.p), wells);
  INFO(v.reason);
  CHECK(v.decision == Decision::agrees);
  CHECK(v.lower <= v.difference);
  CHECK(v.difference <= v.upper);
}

TEST_CASE("a shifted basin weight disagrees and its size is found", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto v = judge(precise(shifted(wells, 0.03)), wells);
  INFO(v.reason);
  CHECK(v.decision == Decision::disagrees);
  CHECK(v.difference == Approx(0.03).margin(5 * 0.0005));  // 5 standard errors of the weight
}

TEST_CASE("noise off by sqrt(2), that is twice the temperature, disagrees", "[verdict]") {
  const TwoBasins wells(0.1), hot(0.2);
  CHECK(judge(precise(hot.p), wells).decision == Decision::disagrees);
}

TEST_CASE("the bounds do not depend on the tolerance, and the verdict is monotone in it", "[verdict][heavy]") {
  const TwoBasins wells(0.1);
  auto run = precise(shifted(wells, 0.01));
  run.weight_error = 0.002;
  for (const auto& stationarity : {settled, known_stationarity(2, 10), known_stationarity(0, 3)}) {
    Decision before = Decision::disagrees;
    double lower = -1, upper = -1;
    for (const double tolerance : {1e-5, 1e-3, 0.004, 0.009, 0.0111, 0.02, 0.05, 0.3, 0.9}) {
      analysis::JudgeSettings settings;
      settings.tolerance = tolerance;
      const auto v = judge(run, wells, settings, stationarity);
      INFO(tolerance << ": " << v.reason);
      CHECK(v.decision <= before);
      before = v.decision;
      if (lower >= 0) CHECK((v.lower == lower && v.upper == upper));
      lower = v.lower, upper = v.upper;
      CHECK(v.lower <= v.upper);
      CHECK((v.decision == Decision::agrees) == (v.upper < tolerance));
      CHECK((v.decision == Decision::disagrees) == (v.lower > tolerance));
    }
  }
}

TEST_CASE("without a relaxation time, or with too much unknown, nothing is judged at any tolerance", "[verdict]") {
  const TwoBasins wells(0.1);
  analysis::Stationarity none;
  none.obstacle = "theta_0 keeps 0.63 of its variance within a trajectory (0.2 is allowed): sample longer";
  analysis::Stationarity unseen = settled;
  unseen.unknown = 1;
  unseen.why_unknown = "basin 1, predicted 0.5, was never visited";
  for (const auto& stationarity : {none, unseen})
    for (const double tolerance : {1e-4, 0.01, 0.9}) {
      analysis::JudgeSettings settings;
      settings.tolerance = tolerance;
      const auto v = judge(precise(shifted(wells, 0.03)), wells, settings, stationarity);
      CHECK(v.decision == Decision::not_stationary);
      CHECK(v.reason == (stationarity.obstacle.empty() ? stationarity.why_unknown : stationarity.obstacle));
      CHECK((v.lower == 0 && v.upper == 1));
    }
}

TEST_CASE("what the start may still contribute, and what was not seen, counts on either side", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto brief = known_stationarity(1, 1);  // holds e^-1 (1 - e^-1): 0.23, and nothing can be extrapolated
  for (double size : {0.0, 0.1}) {
    const auto v = judge(precise(shifted(wells, size)), wells, {}, brief);
    INFO(v.reason);
    CHECK(v.decision == Decision::not_stationary);
    CHECK(v.from_start == Approx(std::exp(-1) * (1 - std::exp(-1))));
    CHECK(mentions(v.reason, "burn in longer"));
    CHECK_FALSE(v.trajectories_to_decide);
  }
  auto rare = settled;
  rare.unknown = 0.005;
  rare.why_unknown = "basin 2, predicted 0.005, was never visited";
  const auto v = judge(precise(wells.p), wells, {}, rare);
  CHECK(v.decision == Decision::not_stationary);
  CHECK(v.upper >= 5 * rare.unknown);
  CHECK(v.reason == rare.why_unknown);
  analysis::JudgeSettings wide;
  wide.tolerance = 0.05;
  CHECK(judge(precise(wells.p), wells, wide, rare).decision == Decision::agrees);
}

TEST_CASE("a deviation that dies out over the samples is extrapolated away", "[verdict]") {
  // Left in the first half 0.04 too heavy, in the second right: as a relaxation time of a tenth of the run would do.
  const TwoBasins wells(0.1);
  auto run = precise(wells.p);
  run.early_shift = 0.04;
  analysis::JudgeSettings settings;
  settings.tolerance = 0.05;
  const auto v = judge(run, wells, settings, known_stationarity(0, 10));
  INFO(v.reason);
  CHECK(v.upper < 0.05);  // pi alone: 0.02 + 0.1
  CHECK(v.lower < 0.001);
  CHECK(v.decision == Decision::agrees);
}

TEST_CASE("a diverged trajectory never agrees", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto run = precise(wells.p);
  std::mt19937_64 generator(7);
  auto counts = run.draw(generator);
  counts(0, 0, 70) -= 10;
  const auto v = analysis::judge(counts, run.expected(), SyntheticRun::length, wells.p, settled, {});
  CHECK(v.diverged_samples == 10);
  CHECK(v.upper < v.tolerance);
  CHECK(v.decision == Decision::not_enough_data);
  CHECK(mentions(v.reason, "trajectories diverged (10 samples are missing)"));

  analysis::JudgeSettings settings;
  settings.diverged = 1;  // after its last sample
  const auto later = judge(run, wells, settings);
  CHECK(later.decision == Decision::not_enough_data);
  CHECK(mentions(later.reason, "trajectories diverged (those of 1 trajectory are missing)"));
  settings.diverged = 2;
  const auto off = judge(precise(shifted(wells, 0.03)), wells, settings);
  CHECK(off.decision == Decision::disagrees);
  CHECK(mentions(off.reason, "(those of 2 trajectories are missing, for trajectories diverged)"));
}

TEST_CASE("samples lost to diverged trajectories are a cell of prediction zero", "[verdict]") {
  // 3 % of every replicate lost in proportion: TV = 0.03, half of it in that cell.
  const TwoBasins wells(0.1);
  const auto run = precise(wells.p);
  std::mt19937_64 generator(7);
  auto counts = run.draw(generator);
  for (auto& n : counts.at) n -= n * 3 / 100;
  const auto v = analysis::judge(counts, run.expected(), SyntheticRun::length, wells.p, settled, {});
  CHECK(v.difference == Approx(0.03).margin(0.0025));
  CHECK(v.decision == Decision::disagrees);
}

TEST_CASE("fewer than eight replicates are not enough data", "[verdict]") {
  const TwoBasins wells(0.1);
  sde::Counts counts(3, 7, TwoBasins::cells), expected(3, 7, 1);
  for (auto& n : expected.at) n = 1000;
  for (int group = 0; group < 3; ++group)
    for (int g = 0; g < 7; ++g) counts(group, g, 50) = 1000;
  const auto v = analysis::judge(counts, expected, 3, wells.p, settled, {});
  CHECK(v.decision == Decision::not_enough_data);
  CHECK(mentions(v.reason, "at least 8"));
}

TEST_CASE("too noisy a run says how many trajectories would decide, and so many do", "[verdict]") {
  const TwoBasins wells(0.1);
  auto run = precise(wells.p);
  run.weight_error = 0.006;
  run.samples = 1e7;
  analysis::JudgeSettings settings;
  settings.trajectories = 8192;
  const auto v = judge(run, wells, settings, settled, 3);
  INFO(v.reason);
  REQUIRE(v.decision == Decision::not_enough_data);
  REQUIRE(v.trajectories_to_decide);
  const double times = *v.trajectories_to_decide / 8192;
  CHECK(times > 1);
  run.weight_error /= std::sqrt(times);
  run.samples *= times;
  CHECK(judge(run, wells, settings, settled, 4).decision == Decision::agrees);
}

TEST_CASE("a known bias that straddles the tolerance is undecidable", "[verdict][bias]") {
  const TwoBasins wells(0.1);
  analysis::JudgeSettings settings;
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
  analysis::JudgeSettings settings;
  settings.integrator_law = shifted(wells, 0.004);
  const auto v = judge(precise(settings.integrator_law), wells, settings);
  INFO(v.reason);
  CHECK(v.decision == Decision::agrees);
  CHECK(*v.bias_of_step == Approx(0.004));
  CHECK(*v.bias_seen_at == Approx(0.004 / 0.0005).margin(5));
  CHECK(mentions(v.reason, "standard errors"));
}

TEST_CASE("many comparisons and many looks make either verdict harder", "[verdict]") {
  const TwoBasins wells(0.1);
  analysis::JudgeSettings settings;
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

TEST_CASE("bins too wide, or that resolve too little, are warned of; those that resolve nothing are not judged",
          "[verdict]") {
  const TwoBasins wells(0.1);
  analysis::JudgeSettings settings;
  settings.bins = {.temperature = 0.1, .largest_curvature = 4, .widest_bin = 0.05};  // limit 0.35 sqrt(0.025) = 0.055
  settings.resolved_share = 0.96;
  CHECK(judge(precise(wells.p), wells, settings).warnings.empty());
  settings.bins->widest_bin = 0.06;
  settings.resolved_share = 0.94;
  CHECK(judge(precise(wells.p), wells, settings).warnings.size() == 2);
  settings.resolved_share = 0.4;
  CHECK(judge(precise(wells.p), wells, settings).decision == Decision::not_judged);
}

TEST_CASE("two samples of one law agree, of two laws disagree", "[verdict][compare]") {
  const TwoBasins wells(0.1);
  const auto run = precise(wells.p), other = precise(shifted(wells, 0.03));
  std::mt19937_64 generator(5);
  const auto a = run.draw(generator), b = run.draw(generator), c = other.draw(generator);
  const auto due = run.expected();
  const auto compare = [&](const sde::Counts& x, const sde::Counts& y, const analysis::Stationarity& of_y) {
    return analysis::compare({x, due, SyntheticRun::length, settled}, {y, due, SyntheticRun::length, of_y}, {});
  };
  CHECK(compare(a, b, settled).decision == Decision::agrees);
  const auto v = compare(a, c, settled);
  INFO(v.reason);
  CHECK(v.decision == Decision::disagrees);
  CHECK(v.difference == Approx(0.03).margin(5 * 0.0005 * std::sqrt(2.0)));
  analysis::Stationarity none;
  none.obstacle = "theta_0 never moved";
  CHECK(compare(a, c, none).decision == Decision::not_stationary);  // one side is enough
  // With the second sample as exact as a prediction, a comparison is a judgement.
  const auto judged = analysis::judge(a, due, SyntheticRun::length, wells.p, settled, {});
  auto exact = run;
  exact.weight_error = 0, exact.samples = 1e15;
  const auto compared = compare(a, exact.draw(generator), settled);
  CHECK(compared.upper == Approx(judged.upper).epsilon(1e-3));
  CHECK(compared.lower == Approx(judged.lower).margin(1e-6));
}

TEST_CASE("a mean agrees at its prediction, disagrees 3 % off, and needs data", "[verdict][temperature]") {
  const auto judged = [](double value, double noise, const analysis::Stationarity& stationarity = settled,
                         double of_start = 0) {
    std::mt19937_64 generator(19);
    std::normal_distribution<double> normal;
    analysis::Windowed means;
    for (auto* matrix : {&means.early, &means.late}) {
      matrix->resize(64, 1);
      for (double& x : matrix->reshaped()) x = value + noise * std::sqrt(2.0) * normal(generator);
    }
    means.all = (means.early + means.late) / 2;
    analysis::JudgeSettings settings;
    settings.tolerance = 0.001;
    return analysis::judge_mean(means, {value, noise / 8}, {"temperature", "was set", 0.1, 0.1, of_start}, stationarity,
                                settings);
  };
  CHECK(judged(0.1, 0.001).decision == Decision::agrees);
  CHECK(judged(0.103, 0.001).decision == Decision::disagrees);
  CHECK(judged(0.097, 0.001).decision == Decision::disagrees);
  CHECK(judged(0.2, 0.001).decision == Decision::disagrees);  // the factor of two
  CHECK(judged(0.1, 0.1).decision == Decision::not_enough_data);
  CHECK(judged(0.103, 0.001).difference == Approx(0.003).margin(5 * 0.001 / 8));

  // What is left of a start without bound, too early to extrapolate.
  analysis::Stationarity fresh = known_stationarity(0, 0.5);
  const auto v = judged(0.1, 0.001, fresh, std::numeric_limits<double>::infinity());
  INFO(v.reason);
  CHECK(v.decision == Decision::not_stationary);
  CHECK(mentions(v.reason, "the start may still contribute any amount"));
  CHECK_FALSE((mentions(v.reason, "inf") || mentions(v.reason, "nan")));
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
  CHECK(analysis::worst(std::vector{agrees, not_stationary, not_enough_data}) == not_stationary);
  CHECK(analysis::worst(std::vector{agrees, not_judged}) == not_judged);
  CHECK(analysis::worst(std::vector{agrees, agrees}) == agrees);
  CHECK(analysis::worst({}) == not_judged);
  CHECK(analysis::to_string(not_enough_data) == "not enough data");
  CHECK(analysis::to_string(not_stationary) == "not known to be stationary");
}

TEST_CASE("what cannot be judged is refused", "[verdict]") {
  const TwoBasins wells(0.1);
  const auto run = precise(wells.p);
  std::mt19937_64 generator(7);
  const auto counts = run.draw(generator);
  analysis::JudgeSettings settings;
  const auto refused = [&](const std::vector<double>& p, const analysis::JudgeSettings& s) {
    CHECK_THROWS_AS(analysis::judge(counts, run.expected(), SyntheticRun::length, p, settled, s),
                    std::invalid_argument);
  };
  refused({0.5, 0.5}, settings);
  auto twice = wells.p;
  for (double& mass : twice) mass *= 2;
  refused(twice, settings);
  settings.tolerance = 0;
  refused(wells.p, settings);
}
