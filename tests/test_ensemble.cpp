#include <span>

#include "analysis/prediction/gibbs.hpp"
#include "landscapes/model/facts.hpp"
#include "sde/statistics_bytes.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

using namespace kramers;
using namespace kramers::tests;

namespace {

Run short_run(std::uint64_t trajectories) {
  return {.landscape = "channel",
          .time_step = 0.01,
          .temperature = 0.3,
          .plan = {.seed = 2,
                   .trajectories = trajectories,
                   .burn_in = 101,
                   .steps = 900,
                   .sample_every = 18,
                   .densities = {{{0}, {50}, {{-1.0, 1.0}}}, {{0, 1}, {20, 10}, {{-2.0, 2.0}, {-1.0, 1.0}}}},
                   .path_count = 5,
                   .path_every = 36}};
}

std::uint64_t total(const sde::Counts& counts) {
  std::uint64_t sum = 0;
  for (std::uint64_t count : counts.at) sum += count;
  return sum;
}

}  // namespace

TEST_CASE("any number of threads gives the same bits", "[ensemble]") {
  for (std::uint64_t trajectories : {1, 63, 64, 65, 1000}) {
    Run run = short_run(trajectories);
    run.plan.threads = 1;
    const sde::RunStatistics one = simulate(run), one_single = simulate<float>(run);
    for (int threads : {2, 3}) {
      run.plan.threads = threads;
      check_equal(simulate(run), one);
      check_equal(simulate<float>(run), one_single);
    }
  }
}

TEST_CASE("the parts of an ensemble merge to the whole, in any order and as bytes", "[ensemble]") {
  for (std::uint64_t trajectories : {1, 300, 1000}) {
    const Run run = short_run(trajectories);
    const sde::RunStatistics whole = simulate(run);
    for (std::uint64_t count : {2, 3, 5}) {
      std::vector<sde::RunStatistics> parts;
      std::uint64_t here = 0;
      for (std::uint64_t index = 0; index < count; ++index) {
        Run part = run;
        part.plan.part = {index, count};
        here += part.plan.trajectories_here();
        parts.push_back(sde::from_bytes(sde::to_bytes(simulate(part))));
      }
      CHECK(here == trajectories);
      sde::RunStatistics merged = parts.back();
      for (std::uint64_t index = 0; index + 1 < count; ++index) merged.merge(parts[index]);
      check_equal(merged, whole);
      CHECK(merged.expected.at == whole.expected.at);
    }
  }
}

TEST_CASE("statistics that are cut short are refused", "[ensemble]") {
  std::vector<std::byte> bytes = sde::to_bytes(simulate(short_run(5)));
  for (std::size_t size = 0; size < bytes.size(); size += 997)
    CHECK_THROWS_AS(sde::from_bytes(std::span(bytes).first(size)), std::runtime_error);
  bytes.push_back({});
  CHECK_THROWS_AS(sde::from_bytes(bytes), std::runtime_error);
}

TEST_CASE("who needs what a landscape does not have is told so", "[ensemble]") {
  struct Slope final : sde::BlockLandscape<double> {
    int dim() const override { return 1; }
    void gradient(const double*, double* gradient) const override { std::fill_n(gradient, sde::block_lanes, 1.0); }
    void value(const double* theta, double* loss) const override { std::copy_n(theta, sde::block_lanes, loss); }
  } slope;
  const auto scheme = [](const std::string& name) {
    return sde::make_scheme<double>(name, {.time_step = 0.1, .temperature = 1});
  };
  sde::EnsemblePlan plan{.trajectories = 1, .steps = 10, .start = {.at = {{0.0}}}};
  CHECK_NOTHROW(sde::simulate(slope, *scheme("euler-maruyama"), plan));
  CHECK_THROWS_WITH(sde::simulate(slope, *scheme("implicit-euler"), plan),
                    "the scheme implicit-euler needs the Hessian of the loss, which this landscape does not have");
  plan.minima = 1;
  CHECK_THROWS_WITH(sde::simulate(slope, *scheme("euler-maruyama"), plan),
                    "basins of minima are to be told apart, which this landscape does not know");
}

TEST_CASE("statistics whose sizes do not follow from each other are refused", "[ensemble]") {
  sde::RunStatistics whole = simulate(short_run(5));
  whole.tallies.emplace_back(sde::TallyShape{"a", "", {{"x", "", {1, 2}}}}, whole.replicates);
  REQUIRE_NOTHROW(sde::from_bytes(sde::to_bytes(whole)));
  const auto refused = [&](auto change, const std::string& words) {
    sde::RunStatistics s = whole;
    change(s);
    CHECK_THROWS_WITH(sde::from_bytes(sde::to_bytes(s), 1000), Catch::Contains(words));
  };
  using S = sde::RunStatistics;
  refused([](S& s) { s.dim = 0; }, "dimension, groups and replicates that do not fit");
  refused([](S& s) { s.replicates = sde::max_replicates + 1; }, "dimension, groups and replicates");
  refused([](S& s) { s.counted.cells = 2; }, "counts that do not fit");
  refused([](S& s) { s.expected.groups = -1; }, "counts that do not fit");
  refused([](S& s) { ++s.groups; }, "sums over samples that do not fit");
  refused([](S& s) { s.phases = sde::Tally(sde::phases_shape(1, s.dim + 1), s.replicates); },
          "sums over phases that do not fit");
  refused([](S& s) { s.divergences.push_back({0, 0, {}}); }, "divergences that do not fit");
  refused([](S& s) { ++s.tallies[0].replicates; }, "sums of an observer that do not fit");
  refused([](S& s) { s.tallies[0].shape.axes[0].words = {"one"}; }, "sums of an observer that do not fit");
  refused([](S& s) { s.chains = 0, s.draws = std::uint64_t(1) << 63; }, "kept paths that are longer");
  const auto paths = [](std::uint64_t chains, std::uint64_t draws) {
    return [=](S& s) { s.chains = chains, s.draws = draws, s.paths.assign(chains * draws * s.dim, 1.0); };
  };
  refused(paths(11, 100), "kept paths that are longer than they can be");
  REQUIRE_NOTHROW([&] {
    sde::RunStatistics s = whole;
    paths(10, 100)(s);
    return sde::from_bytes(sde::to_bytes(s), 1000 * std::uint64_t(s.dim));
  }());
}

TEST_CASE("a trajectory does not depend on how many others there are", "[ensemble]") {
  const sde::RunStatistics few = simulate(short_run(5)), many = simulate(short_run(300));
  CHECK(few.paths == many.paths);
}

TEST_CASE("another seed or another run of a sweep is other noise", "[ensemble]") {
  Run run = short_run(64);
  const sde::RunStatistics first = simulate(run);
  run.plan.run = 1;
  CHECK(simulate(run).final_state_hash != first.final_state_hash);
  run.plan.run = 0;
  run.plan.seed = 3;
  CHECK(simulate(run).final_state_hash != first.final_state_hash);
}

TEST_CASE("every sample is counted once in every density and basin", "[ensemble]") {
  for (std::uint64_t trajectories : {3, 100, 1000}) {
    const sde::RunStatistics s = simulate(short_run(trajectories));
    CHECK(s.samples == 50);
    CHECK(total(s.expected) == 50 * trajectories);
    for (const sde::Counts& density : s.densities) CHECK(total(density) == 50 * trajectories);
    CHECK(total(s.basins) == 50 * trajectories);
    CHECK(s.replicates == int(std::min<std::uint64_t>(64, trajectories)));
    CHECK(std::accumulate(s.sample_count.begin(), s.sample_count.end(), std::uint64_t(0)) == 50 * trajectories);
  }
}

TEST_CASE("histogram, moments and paths tell of the same samples", "[ensemble]") {
  Run run = short_run(1);
  run.plan.path_every = run.plan.sample_every;
  run.plan.path_count = 1;
  const sde::RunStatistics s = simulate(run);
  REQUIRE(s.draws == s.samples);
  double sum = 0, square = 0;
  std::vector<std::uint64_t> histogram(52), plane(201);
  for (std::uint64_t draw = 0; draw < s.draws; ++draw) {
    const double x = s.paths[draw * 2], y = s.paths[draw * 2 + 1];
    sum += x;
    square += x * y;
    ++histogram[x < -1 ? 50 : x >= 1 ? 51 : int((x + 1) * 25)];
    const bool inside = std::abs(x) < 2 && std::abs(y) < 1;
    ++plane[inside ? int((x + 2) * 5) * 10 + int((y + 1) * 5) : 200];
  }
  CHECK(s.sums[0] == sum);
  CHECK(s.sums[3] == square);
  const auto over_parts = [](const sde::Counts& counts, int cell) {
    return counts(0, 0, cell) + counts(1, 0, cell) + counts(2, 0, cell);
  };
  for (int cell = 0; cell < 52; ++cell) CHECK(over_parts(s.densities[0], cell) == histogram[cell]);
  for (int cell = 0; cell < 201; ++cell) CHECK(over_parts(s.densities[1], cell) == plane[cell]);
}

TEST_CASE("sums and counts by part of time, fourth powers and changes of basin are those of the path", "[ensemble]") {
  Run run{.landscape = "asymmetric-double-well",
          .time_step = 0.02,
          .temperature = 0.5,
          .plan = {.trajectories = 1,
                   .burn_in = 100,
                   .steps = 20000,
                   .sample_every = 20,
                   .path_count = 1,
                   .path_every = 20,
                   .origin = {0.25}}};
  run.plan.densities = {{{0}, {10}, {{-2.0, 2.0}}}};
  run.plan.start.at = {{-1}};
  const sde::RunStatistics s = simulate(run);
  REQUIRE(s.draws == 1000);
  const auto landscape = landscapes::find("asymmetric-double-well").make({});
  std::vector<double> loss(3), counted(3);
  double fourth = 0;
  std::uint64_t to_right = 0, to_left = 0;
  for (int draw = 0, before = 0; draw < 1000; ++draw) {
    const double x = s.paths[draw];
    const int part = draw < 256 ? 0 : draw < 512 ? 1 : 2;  // 512 is the largest power of two
    loss[part] += landscape->value(landscapes::point({x}));
    ++counted[part];
    fourth += std::pow(x - 0.25, 4);
    const int basin = analysis::basin_of(*landscape->basins(), landscapes::point({x}));
    if (draw > 0 && basin != before) ++(basin == 1 ? to_right : to_left);
    before = basin;
  }
  for (int part = 0; part < 3; ++part) {
    CHECK(s.group_sum(0, 0, s.rows().loss(part)) == Approx(loss[part]).epsilon(1e-12));
    CHECK(double(s.counted(part, 0, 0)) == counted[part]);
  }
  CHECK(s.group_sum(0, 0, s.rows().fourth_power(0)) == Approx(fourth).epsilon(1e-12));
  CHECK(to_right > 5);
  CHECK(s.transitions(0, 0, 1) == to_right);
  CHECK(s.transitions(0, 0, 2) == to_left);
}

TEST_CASE("groups are the start points and the parts of time", "[ensemble]") {
  Run run = short_run(128);
  const auto samples_of_group = [](const sde::Counts& counts, int group) {
    std::uint64_t sum = 0;
    for (int g = 0; g < counts.replicates; ++g)
      for (int cell = 0; cell < counts.cells; ++cell) sum += counts(group, g, cell);
    return sum;
  };
  run.plan.start.at = {{-1, 0}, {-1, 0}, {1, 0}};
  sde::RunStatistics s = simulate(run);
  REQUIRE(s.groups == 3);
  const std::uint64_t of_part[] = {16, 16, 18};  // of 50 samples
  for (int group : {0, 1, 2})
    for (int part : {0, 1, 2})
      for (const sde::Counts* counts : {&s.expected, &s.counted, &s.densities[0], &s.basins})
        CHECK(samples_of_group(*counts, group * 3 + part) ==
              of_part[part] * (group < 2 ? 43 : 42));  // trajectory k starts at k mod 3
  run.plan.start_groups = {0, 1, 0};
  s = simulate(run);
  REQUIRE(s.groups == 2);
  CHECK(samples_of_group(s.densities[0], 0) == 16 * 85);
  run.plan.start = {.at = {{1, 0}}};
  run.plan.start_groups = {};
  s = simulate(run);
  REQUIRE(s.groups == 1);
  for (int part : {0, 1, 2}) CHECK(samples_of_group(s.densities[0], part) == of_part[part] * 128);
}

TEST_CASE("samples due are those of every trajectory", "[ensemble]") {
  for (std::uint64_t trajectories : {1, 5, 63, 64, 65, 100, 127, 1000, 4099})
    for (std::size_t points : {1, 2, 3, 70}) {
      sde::EnsemblePlan plan{
          .trajectories = trajectories, .steps = 7, .start = {.at = std::vector<std::vector<double>>(points, {0.0})}};
      sde::Counts due(plan.groups() * sde::time_parts, plan.replicates(), 1);
      for (std::uint64_t k = 0; k < trajectories; ++k)
        for (int sample = 0; sample < 7; ++sample) {
          const int part = sample < 2 ? 0 : sample < 4 ? 1 : 2;
          ++due(int(k % points) * sde::time_parts + part, plan.replicate(k), 0);
        }
      CHECK(sde::empty_statistics(plan, 1).expected.at == due.at);
    }
  // at once, too, where they are many
  sde::EnsemblePlan plan{.trajectories = std::uint64_t(1) << 40, .steps = 2, .start = {.at = {{0.0}}}};
  CHECK(sde::empty_statistics(plan, 1).expected(1, 63, 0) == std::uint64_t(1) << 34);
}

TEST_CASE("starts are where they were asked to be", "[ensemble]") {
  Run run = short_run(4096);
  run.plan.burn_in = 0;
  run.plan.steps = run.plan.sample_every = run.plan.path_every = 1;
  run.time_step = 1e-9;  // so that the first sample still is the start
  run.plan.path_count = run.plan.trajectories;

  run.plan.start = {.kind = sde::Start::Kind::gaussian, .mean = {1, -2}, .deviation = {0.5, 2}};
  sde::RunStatistics s = simulate(run);
  // Standard errors of a mean and a variance of n normals: s / sqrt(n), s^2 sqrt(2 / n).
  const double n = 4096;
  CHECK(std::abs(mean(s, 0).value - 1) < 5 * 0.5 / std::sqrt(n));
  CHECK(std::abs(mean(s, 1).value + 2) < 5 * 2 / std::sqrt(n));
  CHECK(std::abs(mean(s, 4).value - 4 - 4) < 5 * std::sqrt(2 * 16 + 4 * 4 * 4) / std::sqrt(n));

  run.plan.start = {.kind = sde::Start::Kind::uniform, .low = {-1, 3}, .high = {1, 4}};
  s = simulate(run);
  double low = 9, high = 0;
  for (std::uint64_t k = 0; k < s.chains; ++k) {
    low = std::min(low, s.paths[2 * k + 1]);
    high = std::max(high, s.paths[2 * k + 1]);
  }
  CHECK(low > 3 - 1e-3);
  CHECK(low < 3 + 10 / n);
  CHECK(high < 4 + 1e-3);
  CHECK(high > 4 - 10 / n);
  CHECK(std::abs(mean(s, 0).value) < 5 / std::sqrt(3 * n));

  run.plan.start = {.at = {{1, -2}, {3, 4}, {-5, 6}}};
  s = simulate(run);
  for (std::uint64_t k = 0; k < s.chains; ++k)
    for (int i : {0, 1}) REQUIRE(std::abs(s.paths[2 * k + i] - run.plan.start.at[k % 3][i]) < 1e-3);
}

TEST_CASE("a diverged trajectory is dropped, located and counted up to its last good step", "[ensemble]") {
  // h k = 2.5: x grows by a factor 1.5 a step from wherever it is, so the step of divergence can be replayed by hand.
  Run run{.landscape = "quadratic",
          .parameters = {{"curvatures", std::vector<double>{2.5}}},
          .time_step = 1,
          .temperature = 1e-40,
          .plan = {.trajectories = 70,
                   .burn_in = 10,
                   .steps = 90,
                   .sample_every = 5,
                   .start = {.at = {{1e-3}, {0}}},
                   .densities = {{{0}, {10}, {{-1.0, 1.0}}}},
                   .path_count = 2,
                   .path_every = 5,
                   .guard_radius = 1000}};
  const sde::RunStatistics s = simulate(run);
  // |x_n| = 1e-3 1.5^n passes 1000 at n = 35 (1.5^34 = 970739, 1.5^35 = 1456110).
  REQUIRE(s.diverged == 35);
  REQUIRE(s.divergences.size() == 35);
  CHECK(s.divergences[0].trajectory == 0);
  CHECK(s.divergences[1].trajectory == 2);
  CHECK(s.divergences[0].step == 35);
  CHECK(s.divergences[0].where[0] == Approx(970.739).epsilon(1e-4));
  // Samples at steps 15, 20, 25, 30 are good ones; the trajectories from 0 go on to the end with 18.
  CHECK(total(s.densities[0]) == 35 * 4 + 35 * 18);
  CHECK(total(s.expected) == 70 * 18);
  CHECK(std::accumulate(s.sample_count.begin(), s.sample_count.end(), std::uint64_t(0)) == 35 * 4 + 35 * 18);
  CHECK(std::isfinite(s.sums[0]));
  CHECK(std::isnan(s.paths[17]));
  CHECK(std::abs(s.paths[18 + 17]) < 1);
}

TEST_CASE("where a trajectory diverges is found with the parameters of each step", "[ensemble]") {
  // |1 - h k| = 0.75 for 20 steps and 1.5 from then on: 1e-3 0.75^20 1.5^(n - 20) passes 1000 at n = 69.
  Run run{
      .landscape = "quadratic",
      .parameters = {{"curvatures", std::vector<double>{2.5}}},
      .time_step = 0.1,
      .temperature = 1e-40,
      .plan = {
          .trajectories = 3, .steps = 100, .sample_every = 5, .start = {.at = {{1e-3}, {0}}}, .guard_radius = 1000}};
  std::vector<sde::SchemeParameters> turns(5, {.time_step = 1, .temperature = 1e-40});
  turns[0].time_step = 0.1;
  run.plan.course = std::make_shared<Turns>(turns, 20);
  const sde::RunStatistics s = simulate(run);
  REQUIRE(s.diverged == 2);
  CHECK(s.divergences[0].step == 69);
  CHECK(s.divergences[0].where[0] == Approx(1e-3 * std::pow(0.75, 20) * std::pow(1.5, 48)).epsilon(1e-9));
  // The good samples of a diverged trajectory are those at 5, 10, ..., 65, four of them in the first phase.
  const auto samples = [&](int phase, int replicate) {
    return s.phases.sums_of(replicate)[phase * sde::phase_quantities(1)];
  };
  CHECK(samples(0, 0) == 4);
  CHECK(samples(1, 0) == 4);
  CHECK(samples(3, 0) == 1);
  CHECK(samples(4, 0) == 0);
  CHECK(samples(4, 1) == 4);
}

TEST_CASE("under a course, too, threads, parts and bytes change no bit, and phases make up the whole", "[ensemble]") {
  Run run = short_run(1000);
  run.plan.course = std::make_shared<Turns>(std::vector<sde::SchemeParameters>{{.time_step = 0.01, .temperature = 0.3},
                                                                               {.time_step = 0.02, .temperature = 0.1}},
                                            7);
  run.plan.threads = 1;
  const sde::RunStatistics one = simulate(run);
  run.plan.threads = 3;
  check_equal(simulate(run), one);
  Run part = run;
  part.plan.part = {1, 2};
  sde::RunStatistics merged = sde::from_bytes(sde::to_bytes(simulate(part)));
  part.plan.part = {0, 2};
  merged.merge(simulate(part));
  check_equal(merged, one);

  double samples = 0, sum = 0;
  const int quantities = sde::phase_quantities(one.dim);
  for (int phase : {0, 1})
    for (int g = 0; g < one.replicates; ++g) {
      samples += one.phases.sums_of(g)[phase * quantities];
      sum += one.phases.sums_of(g)[phase * quantities + 1];
    }
  CHECK(samples == 50 * 1000);
  CHECK(total(one.phase_basins) == 50 * 1000);
  double whole = 0;
  for (int g = 0; g < one.replicates; ++g) whole += one.sums[g * one.quantities()];
  CHECK(sum == Approx(whole).epsilon(1e-12));
}

TEST_CASE("the monitor is told of progress and can stop the run", "[ensemble]") {
  const auto landscape = landscapes::find("quartic").make({});
  const auto scheme = sde::make_scheme<double>("euler-maruyama", {0.01, 0.1});
  sde::EnsemblePlan plan{.trajectories = 64, .steps = 100'000, .start = {.at = {{1.0}}}};
  std::uint64_t last = 0;
  const auto done =
      sde::simulate<double>(landscape->block_double(), *scheme, plan, [&](std::uint64_t steps, std::uint64_t) {
        CHECK(steps > last);
        last = steps;
        return true;
      });
  CHECK(done.has_value());
  CHECK(last == 100'000);
  CHECK_FALSE(sde::simulate<double>(landscape->block_double(), *scheme, plan, [](auto...) { return false; }));
}
