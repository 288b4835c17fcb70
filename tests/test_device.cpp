#include "landscapes/device/emulated.hpp"
#include "sde/device/ensemble.hpp"
#include "sde/observers/area_rate.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// The function that a thread of a GPU runs, run by the CPU, against the engine of blocks: every count, sum, path, final
// state and divergence, to the bit.

namespace {

template <sde::Real R>
landscapes::DeviceDynamics<R> dynamics_of(const Run& run) {
  return {run.landscape, run.parameters, run.scheme, run.scheme_parameters(),
          noise_of<R>(run, landscapes::find(run.landscape).make(run.parameters))};
}

template <sde::Real R>
sde::RunStatistics on_device(const Run& run, std::size_t memory = 1 << 30) {
  const auto program = landscapes::emulated_program<R>(dynamics_of<R>(run), memory);
  return *sde::simulate<R>(*program, run.plan);
}

template <sde::Real R>
std::vector<std::unique_ptr<sde::DeviceProgram<R>>> programs_of(const Run& run, int devices) {
  std::vector<std::unique_ptr<sde::DeviceProgram<R>>> programs;
  for (int i = 0; i < devices; ++i) programs.push_back(landscapes::emulated_program<R>(dynamics_of<R>(run)));
  return programs;
}

template <sde::Real R>
sde::RunStatistics in_blocks(Run& run) {
  const auto landscape = landscapes::find(run.landscape).make(run.parameters);
  run.plan.minima = landscape->basins() ? int(landscape->minima().size()) : 0;
  return simulate<R>(run);
}

Run run_of(const landscapes::Entry& entry, const landscapes::Parameters& parameters, const std::string& scheme) {
  const int dim = entry.make(parameters)->dim();
  Run run{.landscape = entry.name,
          .parameters = parameters,
          .scheme = scheme,
          .time_step = 1e-4,
          .temperature = 0.3,
          .plan = {.seed = 77,
                   .run = 3,
                   .trajectories = 203,
                   .burn_in = 37,
                   .steps = 180,
                   .sample_every = 18,
                   .densities = {{{0}, {40}, {{-1.5, 1.5}}}},
                   .path_count = 150,
                   .path_every = 36}};
  if (dim > 1) run.plan.densities.push_back({{dim - 1, 0}, {9, 7}, {{-1.0, 1.0}, {-1.0, 1.0}}});
  run.plan.origin.assign(dim, 0.25);
  for (double x : {-0.9, 0.1, 0.8}) run.plan.start.at.emplace_back(dim, x);
  return run;
}

/// Of a kind of noise in d dimensions; different in each of them.
landscapes::Parameters noise_parameters(const std::string& kind, int d) {
  std::vector<double> variances;
  std::vector<std::vector<double>> matrix(d, std::vector<double>(d, 0.1)), factor;
  for (int i = 0; i < d; ++i) {
    variances.push_back(1 + 0.1 * i);
    matrix[i][i] = 2 + 0.1 * i;
    factor.push_back({1 - 0.05 * i});  // and more columns than rows
    for (int j = 0; j <= d; ++j) factor[i].push_back(0.1 * (j - 2 * i));
  }
  const std::map<std::string, landscapes::Parameters> all = {
      {"isotropic", {{"sigma", 1.0}}},
      {"diagonal", {{"variances", variances}}},
      {"covariance", {{"matrix", matrix}}},
      {"low-rank", {{"factor", factor}}},
      {"two-basin", {{"variance_left", 2.0}}},
      {"pearson", {{"constant", 0.5}, {"linear", 0.3}, {"quadratic", 0.2}}},
      {"formula", {{"variance", std::string("1 + x^2")}}},
      {"hessian", {{"scale", 1.0}}},
      {"rademacher", {{"sigma", 1.0}}},
      {"stable", {{"alpha", 1.5}, {"scale", 1.0}}}};
  return all.at(kind);
}

}  // namespace

TEST_CASE("a device gives the bits of the block engine for every landscape and scheme", "[device]") {
  for (const landscapes::Entry& entry : landscapes::catalogue())
    for (const landscapes::Parameters& parameters : entry.examples)
      for (const std::string& scheme : sde::device_scheme_names()) {
        INFO(entry.name << " by " << scheme);
        Run run = run_of(entry, parameters, scheme);
        const sde::RunStatistics double_blocks = in_blocks<double>(run), single_blocks = in_blocks<float>(run);
        check_equal(on_device<double>(run), double_blocks);
        check_equal(on_device<float>(run), single_blocks);
      }
}

TEST_CASE("a device gives the bits of the block engine under every noise that it has, in every calculus",
          "[device][heavy]") {
  for (const landscapes::NoiseEntry& noise : landscapes::noise_catalogue()) {
    for (const landscapes::Entry& entry : landscapes::catalogue())
      for (const landscapes::Parameters& parameters : entry.examples)
        for (const sde::Calculus& calculus : sde::calculi) {
          INFO(entry.name << " under " << noise.name << ", " << calculus.name);
          Run run = run_of(entry, parameters, "euler-maruyama");
          run.noise = noise.name;
          run.of_noise = noise_parameters(noise.name, int(run.plan.origin.size()));
          run.calculus = calculus.at;
          run.plan.steps = 72;
          if (!noise.on_gpu) {
            CHECK_THROWS_AS(landscapes::emulated_program<double>(dynamics_of<double>(run)), std::invalid_argument);
            continue;
          }
          const sde::RunStatistics double_blocks = in_blocks<double>(run), single_blocks = in_blocks<float>(run);
          check_equal(on_device<double>(run), double_blocks);
          check_equal(on_device<float>(run), single_blocks);
        }
  }
}

TEST_CASE("a device gives the bits of the block engine for any number of trajectories, in chunks and parts",
          "[device]") {
  const landscapes::Entry& channel = landscapes::find("channel");
  for (std::uint64_t trajectories : {1, 63, 64, 128, 1000}) {
    Run run = run_of(channel, {{"transverse_dim", std::int64_t(11)}}, "leimkuhler-matthews");
    run.plan.trajectories = trajectories;
    run.plan.start = {.kind = sde::Start::Kind::gaussian,
                      .at = {std::vector<double>(12)},
                      .mean = std::vector<double>(12, 0.5),
                      .deviation = std::vector<double>(12, 0.3)};
    const sde::RunStatistics whole = in_blocks<double>(run);
    for (std::size_t memory : {280'000, 1 << 30}) check_equal(on_device<double>(run, memory), whole);
    sde::RunStatistics merged;
    for (std::uint64_t index = 0; index < 3; ++index) {
      run.plan.part = {index, 3};
      if (index == 0)
        merged = on_device<double>(run);
      else
        merged.merge(on_device<double>(run));
    }
    check_equal(merged, whole);
    run.plan.part = {};
    check_equal(*sde::simulate<double>(programs_of<double>(run, 3), run.plan), whole);
  }
}

TEST_CASE("a device starts trajectories where the block engine does", "[device]") {
  Run run = run_of(landscapes::find("mueller-brown"), {}, "baoab");  // keeps two numbers a coordinate
  run.plan.trajectories = 1000;
  const sde::Start gaussian{.kind = sde::Start::Kind::gaussian, .mean = {0.1, 0.2}, .deviation = {0.3, 0.4}};
  const sde::Start uniform{.kind = sde::Start::Kind::uniform, .low = {-0.5, 0.25}, .high = {0.5, 1.5}};
  for (const sde::Start& start : {run.plan.start, gaussian, uniform}) {
    run.plan.start = start;
    const sde::RunStatistics double_blocks = in_blocks<double>(run), single_blocks = in_blocks<float>(run);
    check_equal(on_device<double>(run), double_blocks);
    check_equal(on_device<double>(run, 500'000), double_blocks);  // in chunks
    check_equal(on_device<float>(run), single_blocks);
  }
}

TEST_CASE("a device sums over any number of trajectories exactly", "[device]") {
  // Several threads for each sum, the last of them with fewer terms; some trajectories diverge.
  Run run = run_of(landscapes::find("quartic"), {}, "euler-maruyama");
  run.time_step = 0.35;
  run.temperature = 0.4;
  run.plan.trajectories = 33'333;
  run.plan.guard_radius = 50;
  const sde::RunStatistics blocks = in_blocks<double>(run);
  REQUIRE(blocks.diverged > sde::most_divergences_kept);
  check_equal(on_device<double>(run), blocks);
  check_equal(on_device<double>(run, 1'000'000), blocks);
}

TEST_CASE("a device drops and locates diverged trajectories as the block engine does", "[device]") {
  Run run = run_of(landscapes::find("quartic"), {}, "euler-maruyama");
  run.time_step = 0.35;
  run.temperature = 0.4;
  run.plan.trajectories = 1000;
  run.plan.steps = 1800;
  run.plan.guard_radius = 50;
  const sde::RunStatistics blocks = in_blocks<double>(run);
  REQUIRE(blocks.diverged > 100);
  REQUIRE(blocks.diverged < 1000);
  check_equal(on_device<double>(run), blocks);

  // Told of while it runs, through chunks of 128 trajectories.
  std::vector<std::uint64_t> told;
  const auto program = landscapes::emulated_program<double>(dynamics_of<double>(run), 24'000);
  CHECK(sde::simulate<double>(*program, run.plan, [&](std::uint64_t, std::uint64_t diverged) {
    told.push_back(diverged);
    return true;
  }));
  CHECK(std::ranges::is_sorted(told));
  CHECK(told.back() == blocks.diverged);
  CHECK(std::ranges::count_if(told, [&](auto n) { return n > 0 && n < blocks.diverged; }) > 20);
}

TEST_CASE("the monitor hears of every device, and stops them all", "[device]") {
  // One block for two devices: the first has nothing to do, and is done at once.
  Run run = run_of(landscapes::find("quartic"), {}, "euler-maruyama");
  run.plan.trajectories = 64;
  run.plan.steps = 180'000;
  const auto programs = programs_of<double>(run, 2);
  std::uint64_t last = 0, calls = 0, first = 0;
  CHECK(sde::simulate<double>(programs, run.plan, [&](std::uint64_t steps, std::uint64_t) {
    CHECK(steps >= last);
    last = steps;
    if (calls == 0) first = steps;
    return ++calls > 0;
  }));
  CHECK(first < run.plan.total_steps());  // of the slowest
  CHECK(last == run.plan.total_steps());
  CHECK(calls > 3);
  CHECK_FALSE(sde::simulate<double>(programs, run.plan, [](std::uint64_t steps, std::uint64_t) { return steps == 0; }));
}

TEST_CASE("what a device cannot do is refused by name", "[device]") {
  const auto program = [&](int transverse) {
    return landscapes::emulated_program<double>({"channel",
                                                 {{"transverse_dim", std::int64_t(transverse)}},
                                                 "euler-maruyama",
                                                 {.time_step = 0.01, .temperature = 0.1}});
  };
  CHECK(program(63)->dim() == 64);
  CHECK_THROWS_WITH(program(64), "landscape 'channel' of dimension 65 on a GPU; allowed: up to 64, or --device cpu");
  CHECK_THROWS_WITH(
      landscapes::emulated_program<double>({"quartic", {}, "sra1", {.time_step = 0.01, .temperature = 0.1}}),
      "scheme 'sra1' on a GPU; allowed: euler-maruyama, leimkuhler-matthews, baoab, heavy-ball, or "
      "--device cpu");
  Run run = run_of(landscapes::find("quartic"), {}, "baoab");
  run.noise = "two-basin";
  run.of_noise = {};
  CHECK_THROWS_WITH(landscapes::emulated_program<double>(dynamics_of<double>(run)),
                    "scheme 'baoab' on a GPU under noise that is not isotropic; allowed: euler-maruyama, or "
                    "--device cpu");
}

TEST_CASE("a device refuses every plan of which it would leave something out", "[device]") {
  struct OneStage final : sde::Course {
    Stage stage(std::uint64_t) const override { return {{.time_step = 1e-4, .temperature = 0.3}, 1000}; }
    int phases() const override { return 0; }
    int phase_of_sample(std::uint64_t) const override { return -1; }
  };
  const Run run = run_of(landscapes::find("quartic"), {}, "euler-maruyama");
  const auto programs = programs_of<double>(run, 2);
  const auto refused = [&](const sde::EnsemblePlan& plan, const std::string& why) {
    CHECK(sde::plan_obstacle(plan) == why);
    CHECK_THROWS_WITH(sde::simulate<double>(*programs[0], plan), why);
    CHECK_THROWS_WITH(sde::simulate<double>(programs, plan), why);
  };
  CHECK(sde::plan_obstacle(run.plan).empty());
  sde::EnsemblePlan plan = run.plan;
  plan.course = std::make_shared<const OneStage>();
  refused(plan,
          "the dynamics follow a schedule; allowed on a GPU: a learning_rate, batch_size and temperature that stay");
  plan = run.plan;
  plan.passages = {{.half_spaces = {{0, true, 0.0}}}};
  refused(plan, "record.events asks for a look after every step; allowed on a GPU: density, paths, quantiles");
  plan = run.plan;
  plan.requests = {std::make_shared<sde::AreaRateRequest>(std::vector<std::array<int, 2>>{{0, 1}})};
  refused(plan, "record.area_rate is asked for; allowed on a GPU: density, paths, quantiles");
  plan = run.plan;
  plan.noise_per_step = 2;
  refused(plan, "compare.step_bias asks for runs at other time steps on the same noise; allowed on a GPU: false");
}
