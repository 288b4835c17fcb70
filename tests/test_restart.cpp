#include "landscapes/device/emulated.hpp"
#include "sde/device/ensemble.hpp"
#include "sde/observers/acceptance.hpp"
#include "sde/statistics_bytes.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// A run that was cut anywhere, and goes on by the same engine or another, ends with the bits of one that was not.

namespace {

/// What simulates: blocks, a device (with room for a few blocks at a time), or three devices.
enum class By { blocks, device, devices };
const std::vector<By> engines = {By::blocks, By::device, By::devices};
std::vector<By> engines_for(const Run& run) {
  if (!sde::runs_on_device(run.scheme)) return {By::blocks};
  return engines;
}

template <sde::Real R>
std::optional<sde::RunStatistics> simulate_by(By engine, const Run& run, const sde::Monitor& monitor,
                                              const sde::Restart& restart) {
  const sde::SchemeParameters parameters = run.scheme_parameters();
  const auto program = [&](std::size_t memory) {
    return landscapes::emulated_program<R>({run.landscape, run.parameters, run.scheme, parameters}, memory);
  };
  if (engine == By::device) return sde::simulate<R>(*program(60'000), run.plan, monitor, restart);
  if (engine == By::devices) {
    std::vector<std::unique_ptr<sde::DeviceProgram<R>>> programs;
    for (int i = 0; i < 3; ++i) programs.push_back(program(1 << 30));
    return sde::simulate<R>(programs, run.plan, monitor, restart);
  }
  const auto landscape = landscapes::find(run.landscape).make(run.parameters);
  const auto scheme = sde::make_scheme<R>(run.scheme, parameters);
  return sde::simulate<R>(landscapes::block_of<R>(*landscape), *scheme, run.plan, monitor, restart);
}

/// The state after at least `steps` steps, on average, or the last one of all, through its bytes: devices that end
/// together are not asked again.
template <sde::Real R>
sde::SavedState cut(By engine, const Run& run, std::uint64_t steps, const sde::EnsembleState* from = nullptr) {
  std::optional<sde::SavedState> state;
  bool reached = false;
  const sde::Restart restart{.from = from,
                             .wants = [&] { return !reached; },
                             .take =
                                 [&](const sde::EnsembleState& now) {
                                   state.emplace(now);
                                   reached = sde::average_step(now.outline(), run.plan.trajectories_here()) >= steps;
                                 },
                             .longest_slab = 64};
  simulate_by<R>(
      engine, run, [&](auto...) { return !reached; }, restart);
  REQUIRE(state);
  state->yielded = sde::from_bytes(sde::to_bytes(state->yielded));
  for (sde::Piece& piece : state->pieces) piece = sde::piece_from_bytes(sde::to_bytes(piece));
  return std::move(*state);
}

template <sde::Real R>
sde::RunStatistics go_on(By engine, const Run& run, const sde::EnsembleState& state) {
  return *simulate_by<R>(engine, run, {}, {.from = &state});
}

/// Trajectories in several blocks, some of which diverge early and some late; samples, looks for divergence and slabs
/// are out of step with each other.
Run varied(const std::string& scheme) {
  sde::Requests requests;
  if (sde::find_scheme(scheme)->metropolis) requests.push_back(std::make_shared<sde::AcceptanceRequest>());
  return {.landscape = "quartic",
          .scheme = scheme,
          .time_step = 0.35,
          .temperature = 0.4,
          .plan = {.seed = 5,
                   .run = 2,
                   .trajectories = 700,
                   .burn_in = 37,
                   .steps = 1800,
                   .sample_every = 18,
                   .start = {.at = {{-0.5}, {0.25}, {0.5}}},
                   .densities = {{{0}, {20}, {{-1.0, 1.0}}}},
                   .minima = 2,
                   .path_count = 300,
                   .path_every = 36,
                   .requests = requests,
                   .guard_radius = 50}};
}

template <sde::Real R>
void check_any_cut(const Run& run, const std::vector<std::uint64_t>& cuts) {
  const sde::RunStatistics whole = *simulate_by<R>(By::blocks, run, {}, {});
  for (const By first : engines_for(run))
    for (const std::uint64_t steps : cuts) {
      const sde::SavedState state = cut<R>(first, run, steps);
      for (const By second : engines_for(run)) {
        INFO(run.scheme << ": cut after " << steps << " steps of engine " << int(first) << ", on by " << int(second));
        check_equal(go_on<R>(second, run, state), whole);
      }
    }
}

}  // namespace

TEST_CASE("a run that was cut goes on to the same bits, by the same engine or another, for every scheme",
          "[restart][heavy]") {
  for (const std::string& scheme : sde::scheme_names()) {
    if (sde::find_scheme(scheme)->quadratic_alone) continue;
    const Run run = varied(scheme);
    check_any_cut<double>(run, {1, 700, 1830});
    check_any_cut<float>(run, {700});
  }
}

TEST_CASE("under a course a run that was cut goes on to the same bits", "[restart]") {
  for (const std::string scheme : {"leimkuhler-matthews", "heavy-ball"}) {
    Run run = varied(scheme);
    sde::SchemeParameters other = run.scheme_parameters();
    other.temperature = 0.1;
    other.time_step = other.learning_rate = 0.05;
    run.plan.course = std::make_shared<Turns>(std::vector{run.scheme_parameters(), other}, 29);
    const sde::RunStatistics whole = *simulate_by<double>(By::blocks, run, {}, {});
    CHECK(whole.diverged > 0);
    for (const std::uint64_t steps : {1, 700, 1830})
      check_equal(go_on<double>(By::blocks, run, cut<double>(By::blocks, run, steps)), whole);
  }
}

TEST_CASE("trajectories that diverged before and after the cut are counted and located once", "[restart]") {
  const Run run = varied("euler-maruyama");
  const sde::SavedState state = cut<double>(By::blocks, run, 700);
  const std::uint64_t before = state.yielded.diverged, all = go_on<double>(By::device, run, state).diverged;
  CHECK(before > 10);
  CHECK(all > before + 10);
  CHECK(all < run.plan.trajectories);
  for (const By engine : engines) {
    std::uint64_t told = 0;
    const auto hear = [&](std::uint64_t, std::uint64_t diverged) {
      told = diverged;
      return true;
    };
    CHECK(simulate_by<double>(engine, run, hear, {.from = &state}));
    CHECK(told == all);
  }
}

TEST_CASE("a run that went on from a cut is cut again, by whatever engine, and loses nothing", "[restart]") {
  Run run = varied("euler-maruyama");
  run.plan.trajectories = 8200;  // two threads of a device for each sum
  run.plan.steps = 180;
  const sde::RunStatistics whole = *simulate_by<double>(By::blocks, run, {}, {});
  CHECK(whole.diverged > 100);
  for (const By first : engines) {
    const sde::SavedState state = cut<double>(first, run, 100);
    for (const By second : engines) {
      const sde::SavedState again = cut<double>(second, run, 1, &state);  // with chunks to come
      for (const By third : engines) {
        INFO("by engines " << int(first) << ", " << int(second) << ", " << int(third));
        check_equal(go_on<double>(third, run, again), whole);
      }
    }
  }
}

TEST_CASE("several coordinates and two cuts", "[restart]") {
  Run run = varied("leimkuhler-matthews");
  run.landscape = "channel";
  run.parameters = {{"transverse_dim", std::int64_t(2)}};
  run.time_step = 0.01;
  run.plan.start = {.kind = sde::Start::Kind::gaussian, .mean = {1, 0, 0}, .deviation = {1, 0.1, 0.1}};
  run.plan.minima = 2;
  const sde::RunStatistics whole = *simulate_by<double>(By::blocks, run, {}, {});
  sde::SavedState state = cut<double>(By::device, run, 500);
  std::optional<sde::SavedState> again;
  simulate_by<double>(By::blocks, run, [&](auto...) { return !again; },
                      {.from = &state,
                       .wants = [&] { return true; },
                       .take = [&](auto& now) { again.emplace(now); },
                       .longest_slab = 400});
  REQUIRE(again);
  CHECK(sde::average_step(again->outline(), 700) < run.plan.total_steps());
  for (const By engine : engines) check_equal(go_on<double>(engine, run, *again), whole);
}

TEST_CASE("a state goes on in parts, and the states of parts as a whole, each where it was", "[restart]") {
  const Run run = varied("leimkuhler-matthews");
  const sde::RunStatistics whole = *simulate_by<double>(By::blocks, run, {}, {});
  sde::SavedState all;
  for (std::uint64_t index = 0; index < 3; ++index) {
    Run part = run;
    part.plan.part = {index, 3};
    sde::SavedState state = cut<double>(index == 1 ? By::device : By::blocks, part, 200 + 600 * index);
    if (index == 0)
      all.yielded = state.yielded;
    else
      all.yielded.merge(state.yielded);
    std::ranges::move(state.pieces, std::back_inserter(all.pieces));
  }
  for (const By engine : engines) {
    check_equal(go_on<double>(engine, run, all), whole);
    sde::RunStatistics merged;
    for (std::uint64_t index = 0; index < 2; ++index) {
      Run part = run;
      part.plan.part = {index, 2};
      const auto yielded = sde::from_bytes(
          sde::to_bytes(*simulate_by<double>(engine, part, {}, {.from = &all, .counts_too = index == 1})));
      if (index == 0)
        merged = yielded;
      else
        merged.merge(yielded);
    }
    check_equal(merged, whole);
  }
}

TEST_CASE("first passages outlast cuts and parts: who has passed, when, from where and who never waits", "[restart]") {
  Run run = varied("euler-maruyama");
  run.plan.minima = 2;
  run.plan.step_variance = 2 * run.temperature * run.time_step;
  run.plan.passages = {
      {.half_spaces = {{0, true, 0.3}, {0, false, -1.5}}, .bridge = true, .bins = 20, .steps_per_bin = 3},
      {.kind = sde::passage_kind("inside"),
       .half_spaces = {{0, false, 2.01}, {0, true, 2}},
       .bins = 20,
       .steps_per_bin = 50},
      {.kind = sde::passage_kind("basin"), .bins = 100}};
  const sde::RunStatistics whole = *simulate_by<double>(By::blocks, run, {}, {});
  for (const std::uint64_t steps : {1, 700, 1830}) {
    const sde::SavedState state = cut<double>(By::blocks, run, steps);
    check_equal(go_on<double>(By::blocks, run, state), whole);
    Run one_thread = run;
    one_thread.plan.threads = 1;
    sde::RunStatistics merged;
    for (std::uint64_t index = 0; index < 3; ++index) {
      one_thread.plan.part = {index, 3};
      const auto yielded = sde::from_bytes(
          sde::to_bytes(*simulate_by<double>(By::blocks, one_thread, {}, {.from = &state, .counts_too = index == 1})));
      if (index == 0)
        merged = yielded;
      else
        merged.merge(yielded);
    }
    check_equal(merged, whole);
  }
  Run longer = run;
  longer.plan.steps += 900;
  std::optional<sde::SavedState> last;
  simulate_by<double>(By::blocks, run, {}, {.last = [&](const sde::EnsembleState& state) { last.emplace(state); }});
  check_equal(go_on<double>(By::blocks, longer, *last), *simulate_by<double>(By::blocks, longer, {}, {}));
  longer.plan.passages[1].steps_per_bin = 75;
  CHECK_THROWS_AS(go_on<double>(By::blocks, longer, *last), std::invalid_argument);
}

TEST_CASE("what is over stays over", "[restart]") {
  Run run = varied("euler-maruyama");
  const sde::RunStatistics whole = *simulate_by<double>(By::blocks, run, {}, {});
  // The first two blocks have finished elsewhere, and their sums are in the statistics.
  run.plan.trajectories = 700;
  run.plan.part = {0, 3};
  sde::SavedState state;
  state.yielded = *simulate_by<double>(By::blocks, run, {}, {});
  const std::uint64_t here = run.plan.trajectories_here();
  state.pieces.push_back({.at = {0, here, run.plan.total_steps()}});
  run.plan.part = {};
  for (const By engine : engines) check_equal(go_on<double>(engine, run, state), whole);
}

TEST_CASE("a finished run goes on as a longer one", "[restart]") {
  for (const std::uint64_t more : {18, 900, 5000}) {
    const Run brief = varied("leimkuhler-matthews");
    Run longer = brief;
    longer.plan.steps += more / 18 * 18;
    const sde::RunStatistics whole = *simulate_by<double>(By::blocks, longer, {}, {});
    for (const By first : engines) {
      std::optional<sde::SavedState> state;
      simulate_by<double>(first, brief, {}, {.last = [&](const sde::EnsembleState& last) { state.emplace(last); }});
      REQUIRE(state);
      for (const By second : engines) check_equal(go_on<double>(second, longer, *state), whole);
    }
  }
}

TEST_CASE("a run that goes on has the parts of time of one that was as long from the beginning", "[restart]") {
  Run brief = varied("euler-maruyama");
  brief.plan.start.at = {{0.5}};
  std::optional<sde::SavedState> state;
  simulate_by<double>(By::blocks, brief, {}, {.last = [&](const sde::EnsembleState& last) { state.emplace(last); }});
  Run longer = brief;
  for (const std::uint64_t more : {18, 540, 1800, 1818, 5400, 18000}) {
    INFO(more);
    longer.plan.steps = brief.plan.steps + more;
    const sde::RunStatistics gone_on = go_on<double>(By::device, longer, *state);
    check_equal(gone_on, *simulate_by<double>(By::blocks, longer, {}, {}));
    CHECK(gone_on.looks == 1);
  }
  longer.plan.steps = 18;
  CHECK_THROWS_AS(go_on<double>(By::blocks, longer, *state), std::invalid_argument);
}

TEST_CASE("a state of another shape, and bytes that do not fit together, are refused", "[restart]") {
  Run run = varied("leimkuhler-matthews");
  const sde::SavedState state = cut<double>(By::blocks, run, 100);
  run.scheme = "euler-maruyama";
  for (const By engine : engines) CHECK_THROWS_AS(go_on<double>(engine, run, state), std::runtime_error);

  const std::vector<std::byte> sound = sde::to_bytes(state.pieces[0]);
  for (std::size_t size = 0; size < sound.size(); size += 97)
    CHECK_THROWS_AS(sde::piece_from_bytes(std::span(sound).first(size)), std::runtime_error);
  sde::Piece piece = state.pieces[0];
  piece.alive.pop_back();
  CHECK_THROWS_AS(sde::piece_from_bytes(sde::to_bytes(piece)), std::runtime_error);
}
