#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/rates.hpp"
#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/recorded/list.hpp"
#include "landscapes/catalogue.hpp"
#include "tests/catch.hpp"

using namespace kramers::analysis;

namespace {

const std::string well = R"([landscape]
name = "asymmetric-double-well"
[dynamics]
learning_rate = 0.004
batch_size = 32
noise = { kind = "isotropic", sigma = 40.0 }
[ensemble]
steps = 1000
sample_every = 10
)";

std::unique_ptr<kramers::landscapes::Landscape> landscape_of(const Experiment& e) {
  return kramers::landscapes::find(e.landscape.name).make(e.landscape.parameters);
}

double number(const Run& run, const std::string& name) {
  for (const auto& [key, value] : run.swept)
    if (key == name) return value;
  FAIL("not swept: " << name);
  return 0;
}

}  // namespace

TEST_CASE("the temperature is eta sigma^2 / (2 S), and the step is the learning rate") {
  const Run run = read_experiment(well, "well.toml").runs.at(0);
  CHECK(temperature(run.experiment) == Approx(0.1).epsilon(1e-14));
  CHECK(time_step(run.experiment) == 0.004);
  const Derived derived = derive(run.experiment, *landscape_of(run.experiment));
  CHECK(derived.lambda_max.value() == Approx(12));
  REQUIRE(derived.barriers.size() == 2);
  CHECK(derived.barriers[0] == Approx(0.4));
  CHECK(derived.barriers[1] == Approx(0.5));
  CHECK(as_numbers(derived).at("temperature") == derived.temperature);
  CHECK(describe(derived).find("h lambda_max = 0.004 * 12 = 0.048") != std::string::npos);
  const Experiment finer = read_experiment(well, "well.toml", {"dynamics.time_step=0.001"}).runs.at(0).experiment;
  CHECK(temperature(finer) == Approx(0.1).epsilon(1e-14));  // of the learning rate, whatever the step
  CHECK(time_step(finer) == 0.001);
}

TEST_CASE("events have defaults, a bridge where there can be one, and read back as they are", "[passage]") {
  const std::string list =
      "record.events=[{above=0.25}, {name='out', outside=[[-1.5, 2]], bridge=false, bins=50, range=3.99}, "
      "{inside=[[0.1, 0.2]], axes=[0]}, {basin='leaves'}, {below=-1.25, axis=0}]";
  const ExperimentFile file = read_experiment(well, "well.toml", {list});
  const auto& events = file.runs.at(0).experiment.record.events;
  REQUIRE(events.size() == 5);
  using kramers::sde::passage_kind;
  CHECK(events[0] ==
        kramers::sde::PassageEvent{"theta_0 >= 0.25", passage_kind("outside"), {{0, true, 0.25}}, true, 200, 5});
  CHECK(events[1] ==
        kramers::sde::PassageEvent{"out", passage_kind("outside"), {{0, true, 2}, {0, false, -1.5}}, false, 50, 20});
  CHECK(events[2] ==
        kramers::sde::PassageEvent{
            "theta_0 in [0.1, 0.2]", passage_kind("inside"), {{0, false, 0.2}, {0, true, 0.1}}, false, 200, 5});
  CHECK(events[3] == kramers::sde::PassageEvent{"leaves its basin", passage_kind("basin"), {}, false, 200, 5});
  CHECK(events[4].name == "theta_0 <= -1.25");
  const ExperimentFile again = read_experiment(file.text_resolved, "resolved");
  CHECK(again.runs.at(0).experiment.record.events == events);
  CHECK(again.text_resolved == file.text_resolved);
  const auto memory = read_experiment(well, "well.toml", {list, "dynamics.scheme=leimkuhler-matthews"});
  CHECK_FALSE(memory.runs.at(0).experiment.record.events[0].bridge);
}

TEST_CASE("events have no bridge over steps that are not Brownian, however exact", "[passage]") {
  for (const auto& [scheme, bridge] : {std::pair("exact-ou", false), {"mala", false}, {"implicit-euler", true}}) {
    const std::string text = std::regex_replace(well, std::regex("asymmetric-double-well"), "quadratic");
    const ExperimentFile file =
        read_experiment(text, "e.toml", {std::string("dynamics.scheme=") + scheme, "record.events=[{above=0.25}]"});
    CHECK(file.runs[0].experiment.record.events[0].bridge == bridge);
  }
}

TEST_CASE("what is left out has defaults: starts at the minima, a range that holds the Gibbs mass") {
  const Experiment e = read_experiment(well, "well.toml").runs.at(0).experiment;
  CHECK(e.ensemble.trajectories == 8192);
  CHECK(e.compare.tolerance == 0.01);
  REQUIRE(e.ensemble.start->at.size() == 2);
  CHECK(e.ensemble.start->at[0][0] == Approx(-1));
  REQUIRE(e.record.density.size() == 1);
  const auto [low, high] = e.record.density[0].range.at(0);
  // Harmonic tails at T = 0.1: L - min is 20 T at -1 - sqrt(2 (2 - 0.1) / 2) = -2.38 and 1 + sqrt(2 * 2 / 12) = 1.58.
  CHECK(low == Approx(-2.4));
  CHECK(high == Approx(1.6));
}

TEST_CASE("times become steps: burn-in rounded up, the others whole") {
  const auto with = [](const std::string& set) {
    return read_experiment(well, "well.toml", {set}).runs.at(0).experiment.ensemble;
  };
  CHECK(with("ensemble.burn_in_time=0.0401").burn_in == 11);
  CHECK(with("ensemble.burn_in_time=0.04").burn_in == 10);
  std::string timed = well;
  timed.replace(timed.find("steps = 1000"), 12, "time = 4.0  ");
  timed.replace(timed.find("sample_every = 10"), 17, "sample_every_time = 0.04");
  const auto ensemble = read_experiment(timed, "timed.toml").runs.at(0).experiment.ensemble;
  CHECK(ensemble.steps == 1000);
  CHECK(ensemble.sample_every == 10);
}

TEST_CASE("a sweep is row-major over its sorted keys, the last key fastest") {
  const auto file = read_experiment(well + R"([sweep]
"dynamics.learning_rate" = [0.004, 0.008]
"dynamics.batch_size" = [32, 16, 8]
)",
                                    "sweep.toml");
  REQUIRE(file.swept == std::vector<std::string>{"dynamics.batch_size", "dynamics.learning_rate"});
  REQUIRE(file.runs.size() == 6);
  for (int run = 0; run < 6; ++run) {
    CHECK(number(file.runs[run], "dynamics.batch_size") == std::vector{32, 16, 8}[run / 2]);
    CHECK(number(file.runs[run], "dynamics.learning_rate") == std::vector{0.004, 0.008}[run % 2]);
    CHECK(*file.runs[run].experiment.dynamics.batch_size == number(file.runs[run], "dynamics.batch_size"));
    CHECK(file.runs[run].experiment.record.density == file.runs[0].experiment.record.density);
  }
}

TEST_CASE("zip goes through lists in step: eta and S together leave the temperature alone") {
  const auto file = read_experiment(well + R"([sweep]
zip = true
dynamics.learning_rate = [0.004, 0.008, 0.016]
dynamics.batch_size = [32, 64, 128]
)",
                                    "zip.toml");
  REQUIRE(file.runs.size() == 3);
  for (const Run& run : file.runs) CHECK(temperature(run.experiment) == Approx(0.1).epsilon(1e-14));
  CHECK(*file.runs[2].experiment.dynamics.batch_size == 128);
}

TEST_CASE("--set overrides any key, the last one wins, and an overridden key leaves the sweep") {
  const std::string swept = well + "[sweep]\n\"dynamics.batch_size\" = [32, 16, 8]\n";
  const auto file = read_experiment(swept, "well.toml", {"dynamics.batch_size=8", "dynamics.batch_size = 16"});
  REQUIRE(file.runs.size() == 1);
  CHECK(*file.runs[0].experiment.dynamics.batch_size == 16);
  CHECK(file.text_as_given.find("# --set dynamics.batch_size = 16") != std::string::npos);

  const auto other = read_experiment(well, "well.toml",
                                     {"title=two words", "dynamics.noise.sigma=20", "landscape.loss_left=0.2",
                                      "ensemble.start={kind=\"points\", at=[[0.5]]}", "record.density=[{bins=50}]",
                                      "sweep.\"dynamics.batch_size\"=[1,2]", "dynamics.scheme=leimkuhler-matthews"});
  const Experiment& e = other.runs.at(0).experiment;
  CHECK(e.title == "two words");
  CHECK(*e.dynamics.sigma == 20);
  CHECK(std::get<double>(e.landscape.parameters.at("loss_left")) == 0.2);
  CHECK(e.ensemble.start->at == std::vector<std::vector<double>>{{0.5}});
  CHECK(e.record.density.at(0).bins == std::vector{50});
  CHECK(e.dynamics.scheme == "leimkuhler-matthews");
  CHECK(other.runs.size() == 2);
}

namespace {

void check_reads_back(const ExperimentFile& file) {
  CAPTURE(file.text_resolved);
  const auto again = read_experiment(file.text_resolved, "resolved");
  CHECK(again.text_resolved == file.text_resolved);
  CHECK(again.swept == file.swept);
  REQUIRE(again.runs.size() == file.runs.size());
  for (std::size_t run = 0; run < file.runs.size(); ++run) {
    const Experiment &a = file.runs[run].experiment, &b = again.runs[run].experiment;
    CHECK(a.title == b.title);
    CHECK(a.seed == b.seed);
    CHECK(again.runs[run].swept == file.runs[run].swept);
    CHECK(a.dynamics.scheme == b.dynamics.scheme);
    CHECK(temperature(a) == temperature(b));
    CHECK(time_step(a) == time_step(b));
    CHECK(a.ensemble.trajectories == b.ensemble.trajectories);
    CHECK(a.ensemble.burn_in == b.ensemble.burn_in);
    CHECK(a.ensemble.steps == b.ensemble.steps);
    CHECK(a.ensemble.sample_every == b.ensemble.sample_every);
    CHECK(a.ensemble.start->at == b.ensemble.start->at);
    CHECK(a.ensemble.start->mean == b.ensemble.start->mean);
    CHECK(a.ensemble.start->deviation == b.ensemble.start->deviation);
    CHECK(a.ensemble.precision == b.ensemble.precision);
    CHECK(a.ensemble.guard_radius == b.ensemble.guard_radius);
    CHECK(a.record.density == b.record.density);
    CHECK(a.record.path_count == b.record.path_count);
    CHECK(a.record.path_every == b.record.path_every);
    for (const Recorded& thing : recorded_things())
      if (thing.has_key) CHECK(thing.text(a) == thing.text(b));
    CHECK(a.compare.prediction == b.compare.prediction);
    CHECK(a.compare.tolerance == b.compare.tolerance);
    CHECK(a.compare.alpha == b.compare.alpha);
    const auto x = landscape_of(a), y = landscape_of(b);
    const kramers::landscapes::Point at = kramers::landscapes::Point::Constant(x->dim(), 0.3);
    CHECK(x->value(at) == y->value(at));
  }
}

}  // namespace

TEST_CASE("the example experiments read, and their resolved texts read back to the same runs") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(KRAMERS_SOURCE_DIR "/apps/experiments")) {
    if (entry.path().extension() != ".toml") continue;
    INFO(entry.path());
    ++files;
    check_reads_back(read_experiment_file(entry.path().string()));
  }
  CHECK(files >= 5);
}

TEST_CASE("an experiment without any default reads back to the same run") {
  check_reads_back(read_experiment(
      well, "well.toml",
      {"title=two words", "seed=9007199254740993", "landscape.loss_left=0.2", "dynamics.scheme=leimkuhler-matthews",
       "dynamics.time_step=0.002", "ensemble.trajectories=77", "ensemble.burn_in=13",
       "ensemble.start={kind=\"gaussian\", mean=[0.25], deviation=[0.5]}", "ensemble.precision=single",
       "ensemble.guard_radius=50", "record.density=[{axes=[0], bins=50, range=[[-2.5, 2.0]]}]",
       "record.paths={count=7, every=20}", "compare.prediction=none", "compare.tolerance=0.03", "compare.alpha=0.01"}));
}

TEST_CASE("the default experiment is the one that the verdict was calibrated on") {
  const auto file = read_experiment_file(KRAMERS_SOURCE_DIR "/apps/experiments/wide_minimum.toml");
  REQUIRE(file.runs.size() == 3);
  const double expected[] = {0.1, 0.2, 0.4};
  double cost = 0;
  for (int run = 0; run < 3; ++run) {
    const Derived derived = derive(file.runs[run].experiment, *landscape_of(file.runs[run].experiment));
    CHECK(derived.temperature == Approx(expected[run]).epsilon(1e-14));
    CHECK(derived.burn_in_time == Approx(500));
    CHECK(derived.sampled_time == Approx(2700));
    cost += derived.trajectory_steps;
  }
  CHECK(cost == Approx(2e10).epsilon(0.02));
}
