#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/mean_first_passage.hpp"
#include "analysis/statistics/passage_estimates.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

// Mean first-passage times of the discretised process and of the continuous one, known exactly from the transition
// kernel and from quadrature.

using namespace kramers;
using namespace kramers::tests;

namespace {

using sde::HalfSpace;
using sde::passage_kind;
using sde::PassageEvent;

/// Time waited per passage: the mean time to it, where all have passed; else good to about 1e-4 of it here, for the law
/// is exponential but for the first few units of time.
Estimate mean_time(const sde::PassageCounts& counts, double time_step, int origin = 0) {
  const analysis::Estimate mean = analysis::passage_estimates(counts, time_step).at(origin).mean_time;
  return {mean.value, mean.error};
}

/// An upper bound of what drift within a step may add to a bridge, and of what Siegmund's shift leaves out.
#define CHECK_WITHIN_A_PERCENT(estimate, exact, largest_error)            \
  do {                                                                    \
    const kramers::tests::Estimate e_ = (estimate);                       \
    INFO("measured " << e_.value << " +- " << e_.error);                  \
    CHECK(e_.error <= (largest_error));                                   \
    CHECK(std::abs(e_.value - (exact)) <= 5 * e_.error + 0.01 * (exact)); \
  } while (false)

/// A run of the double well from the wide well, until `end`.
Run from_the_wide_well(double time_step, std::uint64_t trajectories, double end, const PassageEvent& event) {
  const auto steps = std::uint64_t(std::llround(end / time_step));
  return {.landscape = "asymmetric-double-well",
          .time_step = time_step,
          .temperature = 0.1,
          .plan = {.seed = 24,
                   .trajectories = trajectories,
                   .steps = steps,
                   .sample_every = steps,
                   .start = {.at = {{-1.0}}},
                   .passages = {event},
                   .step_variance = 2 * 0.1 * time_step}};
}

PassageEvent above(double at, bool bridge) {
  return {.half_spaces = {{0, true, at}}, .bridge = bridge, .bins = 50, .steps_per_bin = 500};
}

std::uint64_t total(const sde::Counts& counts) {
  std::uint64_t sum = 0;
  for (std::uint64_t n : counts.at) sum += n;
  return sum;
}

/// L = k x^2 / 2 for |x| <= c and barrier - kappa (s - |x|)^2 / 2 beyond: once continuously differentiable.
struct PiecewiseParabola final : sde::BlockLandscape<double> {
  double k = 4, kappa = 2, barrier = 0.5;
  double c = std::sqrt(2 * barrier / (k * (1 + k / kappa))), s = c * (1 + k / kappa);

  int dim() const override { return 1; }
  void gradient(const double* theta, double* gradient) const override {
    for (int lane = 0; lane < sde::block_lanes; ++lane) {
      const double x = theta[lane], r = std::abs(x);
      gradient[lane] = r <= c ? k * x : std::copysign(kappa * (s - r), x);
    }
  }
  void value(const double* theta, double* loss) const override {
    for (int lane = 0; lane < sde::block_lanes; ++lane) {
      const double r = std::abs(theta[lane]);
      loss[lane] = r <= c ? k * r * r / 2 : barrier - kappa * (s - r) * (s - r) / 2;
    }
  }
};

/// First passages of every trajectory from kept paths, one state a step. `region` of a state: an event from region 0
/// (or, for basins, from any) to another.
sde::PassageCounts counted_from_paths(const Run& run, const sde::RunStatistics& s, std::size_t event,
                                      const std::function<int(const double*)>& region) {
  const sde::EnsemblePlan& plan = run.plan;
  sde::PassageCounts counts = s.passages[event];
  for (const auto member : {&sde::PassageCounts::trajectories, &sde::PassageCounts::exposure,
                            &sde::PassageCounts::passed, &sde::PassageCounts::lost, &sde::PassageCounts::destinations})
    std::ranges::fill((counts.*member).at, 0);
  const bool basins = plan.passages[event].tells_basins();
  for (std::uint64_t t = 0; t < plan.trajectories; ++t) {
    const int begun = region(plan.start.at[t % plan.start.at.size()].data()), g = plan.replicate(t);
    if (!basins && begun != 0) continue;
    const int origin = basins ? begun : 0;
    std::uint64_t step = 1;
    bool lost = false, passed = false;
    for (; step <= s.draws; ++step) {
      const double* x = s.paths.data() + (t * s.draws + step - 1) * s.dim;
      lost = std::isnan(x[0]);
      passed = !lost && region(x) != begun;
      if (passed && basins) ++counts.destinations(origin, g, region(x));
      if (lost || passed) break;
    }
    const std::uint64_t waited = passed ? step : step - 1;
    ++counts.trajectories(origin, g, 0);
    counts.exposure(origin, g, 0) += waited;
    const auto bin = std::min<std::uint64_t>((std::max<std::uint64_t>(waited, 1) - 1) / counts.steps_per_bin,
                                             counts.passed.cells - 1);
    if (passed) ++counts.passed(origin, g, int(bin));
    if (lost) ++counts.lost(origin, g, int(bin));
  }
  return counts;
}

}  // namespace

TEST_CASE("of Brownian motion every step has passed with the probability of the reflection principle", "[passage]") {
  // P(still below b at time t) = erf(b / sqrt(4 T t)), at any h: without drift a bridge is exact.
  const double h = 0.2, T = 0.5;
  for (const bool single : {false, true}) {
    const Run run{.landscape = "quadratic",
                  .parameters = {{"curvatures", std::vector<double>{1e-15, 1e-15}}},
                  .time_step = h,
                  .temperature = T,
                  .plan = {.seed = 77,
                           .trajectories = 131'072,
                           .steps = 20,
                           .start = {.at = {{0.0, 1.0}}},
                           .passages = {{.half_spaces = {{0, true, 0.7}}, .bridge = true, .bins = 20},
                                        {.half_spaces = {{1, false, 0.4}}, .bridge = true, .bins = 20}},
                           .step_variance = 2 * T * h}};
    const sde::RunStatistics s = single ? simulate<float>(run) : simulate(run);
    const double distance[] = {0.7, 0.6};
    for (int k : {0, 1}) {
      const auto survival = analysis::passage_estimates(s.passages[k], h)[0].survival;
      for (int n : {1, 2, 5, 20})
        CHECK_ESTIMATE((Estimate{survival[n].value, survival[n].error}),
                       std::erf(distance[k] / std::sqrt(4 * T * n * h)), 0.002);
    }
  }
}

TEST_CASE("a chain that is looked at after steps sees the boundary late, by the exact kernel's mean", "[passage]") {
  const sde::RunStatistics s = simulate(from_the_wide_well(0.02, 16'384, 500, above(0, false)));
  CHECK_ESTIMATE(mean_time(s.passages[0], 0.02), 99.26423627, 0.9);
}

TEST_CASE("with a bridge the chain passes when the continuous process does", "[passage]") {
  const sde::RunStatistics s = simulate(from_the_wide_well(0.02, 16'384, 500, above(0, true)));
  CHECK_WITHIN_A_PERCENT(mean_time(s.passages[0], 0.02), 87.0658143204, 0.9);
}

TEST_CASE("the mean first passage to the saddle, to 0.3, after steps and with a bridge", "[passage][slow]") {
  CHECK_ESTIMATE(mean_time(simulate(from_the_wide_well(0.01, 131'072, 450, above(0, false))).passages[0], 0.01),
                 95.7733760, 0.3);
  CHECK_WITHIN_A_PERCENT(mean_time(simulate(from_the_wide_well(0.01, 131'072, 450, above(0, true))).passages[0], 0.01),
                         87.0658143204, 0.3);
}

TEST_CASE("those that still wait count for the time that they waited", "[passage]") {
  // A run of 60 ends before half of them have passed; with S = A exp(-t / tau) the mean is tau but for 1 % of S.
  const sde::RunStatistics s = simulate(from_the_wide_well(0.02, 32'768, 60, above(0, false)));
  const auto estimates = analysis::passage_estimates(s.passages[0], 0.02)[0];
  CHECK(estimates.passed < estimates.trajectories / 2);
  CHECK(estimates.lost == 0);
  CHECK_WITHIN_A_PERCENT(mean_time(s.passages[0], 0.02), 99.26423627, 1.2);
  CHECK(estimates.restricted_mean.value < 60);
  std::uint64_t passed = 0;  // without losses, survival is one minus the share that has passed
  for (int bin = 0; bin <= 50; ++bin) {
    CHECK(estimates.survival[bin].value == Approx(1 - double(passed) / 32'768).epsilon(1e-12));
    for (int g = 0; g < s.replicates; ++g) passed += s.passages[0].passed(0, g, bin);
  }
}

TEST_CASE("by a bridge, who crosses the farther boundary has crossed the nearer", "[passage]") {
  Run run = from_the_wide_well(0.05, 2048, 200, above(0, true));
  run.plan.passages = {above(-0.5, true), above(-0.45, true), above(-0.4, true)};
  for (PassageEvent& event : run.plan.passages) event.bins = 4000, event.steps_per_bin = 1;
  const sde::RunStatistics s = simulate(run);
  for (int near : {0, 1})
    for (int g = 0; g < s.replicates; ++g) {
      std::uint64_t crossed_near = 0, crossed_far = 0;
      bool ordered = true;
      for (int bin = 0; bin < 4000; ++bin) {
        crossed_near += s.passages[near].passed(0, g, bin);
        crossed_far += s.passages[near + 1].passed(0, g, bin);
        ordered = ordered && crossed_near >= crossed_far;
      }
      CHECK(ordered);
    }
}

TEST_CASE("exit from a piecewise parabola by white noise", "[passage][slow]") {
  const PiecewiseParabola parabola;
  const double h = 0.01;
  const auto scheme = sde::make_scheme<double>("euler-maruyama", {.time_step = h, .temperature = 0.1});
  const sde::EnsemblePlan plan{.seed = 36,
                               .trajectories = 65'536,
                               .steps = 45'000,
                               .sample_every = 45'000,
                               .start = {.at = {{0.0}}},
                               .passages = {{.half_spaces = {{0, true, parabola.s}, {0, false, -parabola.s}},
                                             .bridge = true,
                                             .bins = 10,
                                             .steps_per_bin = 4500}},
                               .step_variance = 2 * 0.1 * h,
                               .guard_radius = 1e300};  // beyond the barrier there is no way back
  const sde::RunStatistics s = *sde::simulate<double>(parabola, *scheme, plan);
  const Estimate mean = mean_time(s.passages[0], h);
  INFO("measured " << mean.value << " +- " << mean.error);
  CHECK(mean.error < 0.005 * 84.5086807);
  CHECK(std::abs(mean.value - 84.5086807) < 0.02 * 84.5086807);
}

TEST_CASE("the basins of the double well are left at the rates of the exact kernel and the exact integral",
          "[passage]") {
  Run run = from_the_wide_well(0.02, 32'768, 500, {.kind = passage_kind("basin"), .bins = 10, .steps_per_bin = 2500});
  run.plan.start.at = {{-1.0}, {1.0}};
  const sde::RunStatistics s = simulate(run);
  CHECK_ESTIMATE(mean_time(s.passages[0], 0.02, 0), 99.26423627, 0.9);
  CHECK_ESTIMATE(mean_time(s.passages[0], 0.02, 1), 149.8793917, 1.4);
  const auto landscape = landscapes::find(run.landscape).make({});
  const auto diffusion = analysis::LineDiffusion::isotropic(*analysis::gibbs_line(*landscape, 0, 0.1), 0.1);
  const double shift = analysis::monitoring_shift * std::sqrt(2 * 0.1 * 0.02);
  constexpr double nowhere = std::numeric_limits<double>::infinity();
  CHECK_WITHIN_A_PERCENT(mean_time(s.passages[0], 0.02, 0), analysis::mean_exit_time(diffusion, -1, -nowhere, shift),
                         0.9);
  const auto& to = s.passages[0].destinations;
  std::uint64_t into[2][3] = {};
  for (int from : {0, 1})
    for (int g = 0; g < s.replicates; ++g)
      for (int basin : {0, 1, 2}) into[from][basin] += to(from, g, basin);
  CHECK(into[0][1] > 16'000);
  CHECK(into[1][0] > 15'000);
  CHECK(into[0][1] + into[1][0] == total(to));
}

TEST_CASE("what is counted is what the kept paths show, whatever the samples, and diverged ones too", "[passage]") {
  Run run{
      .landscape = "quartic",
      .time_step = 0.35,
      .temperature = 0.4,
      .plan = {
          .seed = 5,
          .run = 2,
          .trajectories = 700,
          .steps = 640,
          .start = {.at = {{-0.5}, {0.25}, {1.5}}},
          .passages = {{.half_spaces = {{0, true, 1.2}}, .bins = 7, .steps_per_bin = 3},
                       {.half_spaces = {{0, false, -6}}, .bins = 30, .steps_per_bin = 20},
                       {.kind = passage_kind("inside"), .half_spaces = {{0, false, 1.62}, {0, true, 1.6}}, .bins = 10},
                       {.half_spaces = {{0, true, 1.4}, {0, false, -1.4}}, .bins = 10},
                       {.kind = passage_kind("basin"), .bins = 20}},
          .path_count = 700,
          .guard_radius = 50}};
  const std::vector<std::function<int(const double*)>> regions = {
      [](const double* x) { return int(x[0] >= 1.2); }, [](const double* x) { return int(x[0] <= -6); },
      [](const double* x) { return int(x[0] >= 1.6 && x[0] <= 1.62); },
      [](const double* x) { return int(std::abs(x[0]) >= 1.4); }, [](const double* x) { return int(x[0] >= 0); }};
  const sde::RunStatistics s = simulate(run);
  CHECK(s.diverged > 100);
  CHECK(s.diverged < 600);
  sde::RunStatistics counted = s;
  for (std::size_t k = 0; k < regions.size(); ++k) {
    CHECK(total(s.passages[k].passed) > 100);
    counted.passages[k] = counted_from_paths(run, s, k, regions[k]);
  }
  CHECK(total(s.passages[1].lost) > 20);
  check_equal(counted, s);

  run.plan.sample_every = run.plan.path_every = 80;  // divergence is found later, to the same step
  sde::RunStatistics rarely = simulate(run);
  counted = rarely;
  counted.passages = s.passages;
  check_equal(counted, rarely);
}

TEST_CASE("in several dimensions a box is entered and left by all its faces", "[passage]") {
  Run run{.landscape = "channel",
          .parameters = {{"transverse_dim", std::int64_t(2)}},
          .time_step = 0.02,
          .temperature = 0.2,
          .plan = {.seed = 9,
                   .trajectories = 300,
                   .steps = 400,
                   .start = {.at = {{1, 0, 0}, {-1, 0, 0.1}}},
                   .passages = {{.kind = passage_kind("inside"),
                                 .half_spaces = {{1, false, 0.6}, {1, true, 0.3}, {2, false, 0.5}, {2, true, -0.5}},
                                 .bins = 40,
                                 .steps_per_bin = 10},
                                {.half_spaces = {{0, true, 1.5}, {0, false, -1.5}, {2, true, 0.7}, {2, false, -0.7}},
                                 .bins = 40,
                                 .steps_per_bin = 10}},
                   .path_count = 300}};
  const sde::RunStatistics s = simulate(run);
  sde::RunStatistics counted = s;
  counted.passages[0] = counted_from_paths(
      run, s, 0, [](const double* x) { return int(x[1] >= 0.3 && x[1] <= 0.6 && std::abs(x[2]) <= 0.5); });
  counted.passages[1] = counted_from_paths(
      run, s, 1, [](const double* x) { return int(std::abs(x[0]) >= 1.5 || std::abs(x[2]) >= 0.7); });
  for (const sde::PassageCounts& counts : s.passages) CHECK(total(counts.passed) > 50);
  check_equal(counted, s);
}

TEST_CASE("of every kind that takes a box, an event is the first time that it holds", "[passage]") {
  for (const sde::PassageKind* kind : sde::passage_kinds()) {
    if (!kind->takes_box()) continue;
    INFO(kind->key);
    PassageEvent event{.kind = kind, .bins = 40, .steps_per_bin = 10};
    for (int axis : {0, 1})
      std::ranges::copy(kind->half_spaces(axis, -0.5, 0.3), std::back_inserter(event.half_spaces));
    Run run{.landscape = "quadratic",
            .parameters = {{"curvatures", std::vector<double>{1.0, 1.0}}},
            .time_step = 0.02,
            .temperature = 0.2,
            .plan = {.seed = 19,
                     .trajectories = 300,
                     .steps = 400,
                     .start = {.at = {{0.0, 0.0}, {0.0, 0.4}, {0.4, 0.4}}},
                     .passages = {event},
                     .path_count = 300}};
    const sde::RunStatistics s = simulate(run);
    sde::RunStatistics counted = s;
    counted.passages[0] = counted_from_paths(run, s, 0, [&](const double* x) {
      return int(event.holds([&](const HalfSpace& half) { return half.gap(x[half.axis]) <= 0; }));
    });
    CHECK(total(s.passages[0].passed) > 50);
    check_equal(counted, s);
  }
}

TEST_CASE("kinds of events have keys of their own", "[passage]") {
  for (const sde::PassageKind* kind : sde::passage_kinds()) CHECK(passage_kind(kind->key) == kind);
}

TEST_CASE("events change nothing else, and a bridge only brings passages forward", "[passage]") {
  Run run = from_the_wide_well(0.05, 2048, 200, above(0, true));
  run.plan.sample_every = 50;
  const sde::RunStatistics with = simulate(run);
  run.plan.passages[0].bridge = false;
  const sde::RunStatistics after_steps = simulate(run);
  run.plan.passages.clear();
  sde::RunStatistics without = simulate(run);
  without.passages = with.passages;
  check_equal(without, with);
  CHECK(total(with.passages[0].passed) > total(after_steps.passages[0].passed));
  CHECK(total(with.passages[0].exposure) < total(after_steps.passages[0].exposure));
}
