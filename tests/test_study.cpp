#include "analysis/study/processors.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "tests/catch.hpp"
#include "tests/judged_run.hpp"

using namespace kramers;

// What is known of an experiment before it runs.

namespace {

std::vector<analysis::StudiedRun> runs_of(const std::string& trajectories, const std::string& more = "") {
  return analysis::prepare(analysis::read_experiment(R"(
seed = 1
[landscape]
name = "asymmetric-double-well"
[dynamics]
temperature = 0.1
time_step = 0.01
[ensemble]
burn_in = 1000
steps = 1000
sample_every = 10
trajectories = )" + trajectories + "\n" + more,
                                                     "test"));
}

}  // namespace

TEST_CASE("ranks need the memory of their machine together", "[study]") {
  const auto runs = runs_of("1_280_000");
  const double alone = analysis::bytes_needed(runs, {});
  analysis::Engine engine{.rank = {0, 4}, .ranks_on_machine = 4};
  const double shared = analysis::bytes_needed(runs, engine);
  CHECK(shared > alone);  // each has a quarter of the trajectories, and counts and exact sums of its own
  engine.ranks_on_machine = 1;
  CHECK(analysis::bytes_needed(runs, engine) == Approx(shared / 4));
  // Of each trajectory and in double precision: the state and 5 sums.
  CHECK(alone > 1'280'000 * 6 * 8.0);
  CHECK(analysis::bytes_needed(runs_of("64"), {}) > 64 * 5 * double(sizeof(sde::ExactSum)));
}

TEST_CASE("a device needs memory for the trajectories that it holds at a time", "[study]") {
  const analysis::Engine emulated{.processor = analysis::Processor::emulated};
  const auto few = runs_of("1_280_000"), many = runs_of("12_800_000_000");
  CHECK(analysis::bytes_needed(few, emulated) == analysis::bytes_needed(few, {}));
  CHECK(analysis::bytes_needed(many, {}) > 1e11);
  CHECK(analysis::bytes_needed(many, emulated) < 3e9);
}

TEST_CASE("final states that are kept stay in memory, those of every run", "[study]") {
  const std::string sweep = "[sweep]\n'dynamics.temperature' = [0.1, 0.2, 0.3]\n", keep = "[checkpoint]\nkeep = true\n";
  const double gone = analysis::bytes_needed(runs_of("1_280_000", sweep), {});
  const double kept = analysis::bytes_needed(runs_of("1_280_000", keep + sweep), {});
  CHECK(kept - gone == 3 * 1'280'000.0 * (8 * (1 + 11) + 1));  // theta, 10 sums, the basin, whether it is alive
}

TEST_CASE("the state takes the memory of its precision", "[study]") {
  const auto needed = [](const std::string& more) { return analysis::bytes_needed(runs_of("1_280_000", more), {}); };
  CHECK(needed("") - needed("precision = 'single'") == 1'280'000 * 4.0);
}

TEST_CASE("a start may add to the mean loss what it has more: a drawn one in the mean, of points the highest",
          "[study]") {
  // (x - <x>)^2 / 2 at T = 0.1, where <L> = 0.05.
  for (const auto& [start, loss] : {std::pair{"{kind='gaussian', mean=[0.0], deviation=[0.6]}", 0.18},
                                    {"{kind='uniform', low=[-0.9], high=[0.9]}", 0.135},
                                    {"{kind='points', at=[[0.6], [-0.3]]}", 0.18}}) {
    const analysis::StudiedRun run = tests::judged_run(std::string(R"(
landscape = { name = "quadratic" }
dynamics = { temperature = 0.1, time_step = 0.05 }
record.density = [{ axes = [0], bins = 20, range = [[-2.0, 2.0]] }]
[ensemble]
trajectories = 512
burn_in = 40
steps = 10
sample_every = 1
start = )") + start + "\n");
    const analysis::Stationarity& s = *run.assessment.stationarity;
    REQUIRE(run.assessment.loss_verdict);
    REQUIRE(s.late_weight > 2);  // too early to extrapolate
    const double of_deviation = 0.1 * std::pow(s.start_distance, 2) * s.held;
    const double of_start = (run.assessment.loss_verdict->from_start - of_deviation) / s.held;
    INFO(start);
    CHECK(of_start == Approx(loss - 0.05).margin(4.5 * loss * std::sqrt(2.0 / 1024)));  // of 1024 that are drawn
  }
}
