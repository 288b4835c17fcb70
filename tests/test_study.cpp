#include "analysis/study.hpp"
#include "tests/catch.hpp"

using namespace kramers;

// What is known of an experiment before it runs.

namespace {

std::vector<analysis::StudiedRun> runs_of(const std::string& trajectories) {
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
trajectories = )" + trajectories,
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
