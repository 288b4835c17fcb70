#include "analysis/recorded/autocorrelation.hpp"
#include "analysis/recorded/quantiles.hpp"
#include "analysis/recorded/split_r_hat.hpp"
#include "sde/statistics_bytes.hpp"
#include "tests/recorded_run.hpp"

using namespace kramers;
using namespace kramers::tests;

// What holds of all that is recorded where it is asked for.

namespace {

template <sde::Real R>
std::optional<sde::RunStatistics> simulate_with(Run run, const sde::Monitor& monitor, const sde::Restart& restart) {
  const auto landscape = landscapes::find(run.landscape).make(run.parameters);
  run.plan.start.at = {{-1, 0}, {1, 0}};
  run.plan.minima = 2;
  const auto scheme = sde::make_scheme<R>(run.scheme, run.scheme_parameters());
  return sde::simulate<R>(landscapes::block_of<R>(*landscape), *scheme, run.plan, monitor, restart);
}

/// The state after at least `steps` steps, or the last, through its bytes.
template <sde::Real R>
sde::SavedState cut(const Run& run, std::uint64_t steps) {
  std::optional<sde::SavedState> state;
  const auto take = [&](const sde::EnsembleState& now) {
    if (sde::average_step(now.outline(), run.plan.trajectories_here()) >= steps) state.emplace(now);
  };
  simulate_with<R>(run, [&](auto...) { return !state; },
                   {.wants = [&] { return !state; }, .take = take, .last = take, .longest_slab = 64});
  REQUIRE(state);
  state->yielded = sde::from_bytes(sde::to_bytes(state->yielded));
  for (sde::Piece& piece : state->pieces) piece = sde::piece_from_bytes(sde::to_bytes(piece));
  return std::move(*state);
}

template <sde::Real R>
void check_same_bits() {
  Run run = varied();
  const sde::RunStatistics whole = *simulate_with<R>(run, {}, {});
  REQUIRE(whole.tallies.size() == 5);
  CHECK(whole.diverged > 5);
  CHECK(whole.diverged < 295);
  for (int threads : {1, 3}) {
    run.plan.threads = threads;
    check_equal(*simulate_with<R>(run, {}, {}), whole);
  }
  for (std::uint64_t steps : {1, 400, 1100, 1836}) {
    const sde::SavedState state = cut<R>(run, steps);
    check_equal(*simulate_with<R>(run, {}, {.from = &state}), whole);
    sde::RunStatistics merged;
    for (std::uint64_t index : {0, 1}) {
      run.plan.part = {index, 2};
      const auto part = *simulate_with<R>(run, {}, {.from = &state, .counts_too = index == 1});
      index == 0 ? merged = sde::from_bytes(sde::to_bytes(part)) : (merged.merge(part), merged);
    }
    run.plan.part = {};
    check_equal(merged, whole);
  }
}

}  // namespace

TEST_CASE("what is recorded is the same to the bit for threads, parts and cuts", "[observers]") {
  check_same_bits<double>();
  check_same_bits<float>();
}

TEST_CASE("what divides up the whole run does not go on as that of a longer one; the rest does", "[observers]") {
  Run run = varied();
  Run longer = run;
  longer.plan.steps *= 2;
  const sde::SavedState state = cut<double>(run, run.plan.total_steps());
  CHECK_THROWS_AS(simulate_with<double>(longer, {}, {.from = &state}), std::invalid_argument);
  for (Run* one : {&run, &longer})
    one->plan.requests =
        requests(sde::AutocorrelationRequest({theta_0, loss, basin_0}, 100, 70), sde::AreaRateRequest({{0, 1}}));
  const sde::SavedState can = cut<double>(run, run.plan.total_steps());
  check_equal(*simulate_with<double>(longer, {}, {.from = &can}), *simulate_with<double>(longer, {}, {}));
}

TEST_CASE("tallies of another shape do not merge", "[observers]") {
  sde::Tally one({"a", "", {{"x", "", {1, 2}}}}, 3), other({"a", "", {{"x", "", {1, 3}}}}, 3);
  CHECK_THROWS_AS(one.merge(other), std::invalid_argument);
}

TEST_CASE("one trajectory tells no error", "[observers]") {
  Run run = ornstein_uhlenbeck();
  run.plan.trajectories = 1;
  const sde::AutocorrelationRequest autocorrelation({theta_0}, 1, 1000);
  run.plan.requests = requests(autocorrelation, sde::SplitRHatRequest({theta_0}));
  run.plan.densities = {{{0}, {50}, {{-2, 2}}}};
  const sde::RunStatistics s = simulate(run);
  const analysis::Table tau = analysis::autocorrelation_table(s, autocorrelation);
  CHECK(std::isnan(tau.field("tau")->values[0]));
  CHECK(std::isnan(entry(tau, "correlation", 1).error));
  CHECK(std::isnan(entry(analysis::split_r_hat_table(*s.tally("split_r_hat"), s.samples), "r_hat", 0).error));
  const analysis::Table quantiles = analysis::quantile_table(run.plan.densities, s.densities, {0.5});
  CHECK(std::isfinite(entry(quantiles, "quantile", 0).value));
  CHECK(std::isnan(entry(quantiles, "quantile", 0).error));
}
