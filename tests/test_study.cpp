#include "analysis/study/study.hpp"
#include "tests/catch.hpp"

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
