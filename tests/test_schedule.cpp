#include <cmath>

#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/experiment_file/experiment_reader.hpp"
#include "sde/schedule.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using namespace kramers::analysis;
using sde::Schedule;
using Shape = Schedule::Shape;

namespace {

/// An experiment with one line of [dynamics] in place of the learning rate, and settings that go with it.
Experiment with(const std::string& learning_rate, const std::vector<std::string>& overrides = {}) {
  const std::string text = R"([landscape]
name = "asymmetric-double-well"
[dynamics]
batch_size = 32
noise = { sigma = 4.0 }
learning_rate = )" + learning_rate +
                           "\n[ensemble]\nsteps = 1000\n";
  return read_experiment(text, "e.toml", overrides).runs.at(0).experiment;
}

double rate(const Experiment& e, std::uint64_t step) { return *course_of(e)->at(step).rates.learning_rate; }

}  // namespace

TEST_CASE("a triangular cycle is Smith's formula") {
  const double low = 0.01, high = 0.05, s = 7;
  const Experiment e = with("{ kind = 'triangular', low = 0.01, high = 0.05, half_cycle = 7 }");
  for (int it = 0; it < 100; ++it) {
    const double cycle = std::floor(1 + it / (2 * s)), x = std::abs(it / s - 2 * cycle + 1);
    CHECK(rate(e, it) == Approx(low + (high - low) * std::max(0.0, 1 - x)).epsilon(1e-14));
  }
}

TEST_CASE("stages, ramps and decays are what they say at every step") {
  const auto check = [](const std::string& schedule, auto value) {
    const Experiment e = with(schedule);
    INFO(schedule);
    for (int n = 0; n < 1000; ++n) CHECK(rate(e, n) == Approx(value(n)).epsilon(1e-14));
  };
  check("{ kind = 'constant', value = 0.02 }", [](int) { return 0.02; });
  check("{ kind = 'steps', values = [0.05, 0.02, 0.01], lengths = [100, 300, 600] }", [](int n) {
    return n < 100 ? 0.05 : n < 400 ? 0.02 : 0.01;
  });
  check("{ kind = 'steps', values = [0.05, 0.02], lengths = [10, 1], then = 'hold' }",
        [](int n) { return n < 10 ? 0.05 : 0.02; });
  check("{ kind = 'square', values = [0.05, 0.02], lengths = [3, 4] }", [](int n) { return n % 7 < 3 ? 0.05 : 0.02; });
  check("{ kind = 'linear', from = 0.05, to = 0.01, over = 1000 }", [](int n) { return 0.05 - 0.04 * n / 1000; });
  check("{ kind = 'cosine', from = 0.05, to = 0.01, over = 500, then = 'hold' }",
        [](int n) { return n < 500 ? 0.01 + 0.04 * (1 + std::cos(M_PI * n / 500)) / 2 : 0.01; });
  check("{ kind = 'cosine', from = 0.05, to = 0.01, over = 50, then = 'repeat' }",
        [](int n) { return 0.01 + 0.04 * (1 + std::cos(M_PI * (n % 50) / 50)) / 2; });
  check("{ kind = 'warm-up', from = 0.01, to = 0.05, over = 40 }",
        [](int n) { return n < 40 ? 0.01 + 0.04 * n / 40 : 0.05; });
  check(R"({ kind = 'piecewise', pieces = [{ kind = 'warm-up', from = 0.01, to = 0.05, over = 40 },
                                           { kind = 'triangular', low = 0.02, high = 0.04, half_cycle = 2, cycles = 3 },
                                           { kind = 'square', values = [0.03, 0.01], lengths = [5, 5] }] })",
        [](int n) {
          if (n < 40) return 0.01 + 0.04 * n / 40;
          if (n < 52) return 0.02 + 0.02 * (1 - std::abs((n - 40) % 4 - 2) / 2.0);
          return (n - 52) % 10 < 5 ? 0.03 : 0.01;
        });
}

TEST_CASE("a batch size that changes gradually is a whole number at every step") {
  const Experiment e = with("0.01", {"dynamics.batch_size={kind='linear', from=10, to=20, over=1000}"});
  for (int n = 0; n < 1000; ++n) CHECK(*course_of(e)->at(n).rates.batch_size == std::round(10 + 10 * n / 1000.0));
}

TEST_CASE("far along a cycle the value is the same as near, and sums are those of the steps") {
  const Schedule s({{Shape::constant, 3, 3, 5}, {Shape::constant, 7, 7, 2}, {Shape::constant, 1, 1, 4}}, 1);
  std::uint64_t sum = 0;
  for (std::uint64_t n = 0; n < 200; ++n) {
    CHECK(s.sum(n) == sum);
    CHECK(s.value(n) == (n < 5 ? 3 : (n - 5) % 6 < 2 ? 7 : 1));
    CHECK(s.value(5 + 6'000'000'000'000 + n) == s.value(5 + n));
    CHECK(s.next_change(n) > n);
    for (std::uint64_t m = n; m < s.next_change(n); ++m) CHECK(s.value(m) == s.value(n));
    sum += std::uint64_t(s.value(n));
  }
}

TEST_CASE("phases are stages and equal bins of what is continuous, whenever they come again") {
  const Schedule s({{Shape::constant, 1, 1, 3}, {Shape::linear, 1, 2, 10}, {Shape::linear, 2, 1, 10}}, 1);
  REQUIRE(s.phases(4) == 9);
  for (std::uint64_t n = 0; n < 200; ++n) {
    const std::uint64_t k = n < 3 ? 0 : (n - 3) % 20;
    CHECK(s.phase(n, 4) == (n < 3 ? 0 : 1 + int(k / 10) * 4 + int(k % 10 * 4 / 10)));
    const std::uint64_t next = s.next_phase(n, 4);
    CHECK(s.phase(next, 4) != s.phase(n, 4));
    for (std::uint64_t m = n; m < next; ++m) CHECK(s.phase(m, 4) == s.phase(n, 4));
  }
}

TEST_CASE("the phases of the first cycle are those of all") {
  const Experiment e = with(R"({ kind = 'piecewise', then = 'hold', pieces = [
      { kind = 'constant', value = 0.01, over = 5 },
      { kind = 'triangular', low = 0.02, high = 0.04, half_cycle = 4, cycles = 3 },
      { kind = 'linear', from = 0.05, to = 0.01, over = 10 }] })",
                            {"record.phases.bins=2"});
  const auto course = course_of(e);
  REQUIRE(course->phases() == 8);
  for (int n = 0; n < 100; ++n)
    CHECK(course->phase(n) == (n < 5 ? 0 : n < 29 ? 1 + (n - 5) % 8 / 2 : n < 39 ? 5 + (n - 29) / 5 : 7));
}

TEST_CASE("an epoch is so many steps as the batch size makes of it, stage by stage") {
  // 100 examples: 10 steps of 10, then 2 of 50; the learning rate changes every half an epoch.
  const Experiment e = with(
      "{ kind = 'square', values = [0.05, 0.01], lengths = [0.5, 0.5], units = 'epochs' }",
      {"dynamics.dataset_size=100",
       "dynamics.batch_size={kind='square', values=[10, 50], lengths=[1, 1], units='epochs'}", "ensemble.steps=1200"});
  const auto course = course_of(e);
  for (int n = 0; n < 1200; ++n) {
    const int k = n % 12;
    CHECK(*course->at(n).rates.batch_size == (k < 10 ? 10 : 50));
    CHECK(*course->at(n).rates.learning_rate == (k < 5 || k == 10 ? 0.05 : 0.01));
    const auto at = course->at(n);
    for (std::uint64_t m = n; m < at.end; ++m) CHECK(course->at(m).rates.learning_rate == at.rates.learning_rate);
    CHECK(int(at.end) == (k < 5 ? n - k + 5 : k < 10 ? n - k + 10 : n + 1));
    CHECK(course->phase(n) == (k < 5 || k == 10 ? 0 : 1));
    CHECK(at.parameters.time_step == *at.rates.learning_rate);
    CHECK(at.parameters.temperature ==
          Approx(*at.rates.learning_rate * 16 / (2 * *at.rates.batch_size)).epsilon(1e-14));
  }
  const ExampleClock clock(e);
  for (std::uint64_t n = 0; n < 50; ++n) CHECK(clock.first_step(clock.examples(n)) == n);
}

TEST_CASE("runs may be so many epochs long; t is the sum of h") {
  const Experiment e = with("{ kind = 'square', values = [0.05, 0.01], lengths = [1, 1], units = 'epochs' }",
                            {"dynamics.dataset_size=320", "ensemble={burn_in_epochs=0.99, epochs=3.01, sample_every=1}",
                             "ensemble.burn_in_epochs=1", "ensemble.epochs=4"});
  CHECK(e.ensemble.burn_in == 10);
  CHECK(e.ensemble.steps == 40);
  const CourseSurvey s = survey(e, *course_of(e));
  CHECK(s.burn_in_time == Approx(10 * 0.05).epsilon(1e-14));
  CHECK(s.sampled_time == Approx(20 * 0.06).epsilon(1e-14));
  CHECK(s.time_step.low == 0.01);
  CHECK(s.time_step.high == 0.05);
  REQUIRE(s.phases.size() == 2);
  CHECK(s.phases[0].steps == 20);
  CHECK(s.phases[1].learning_rate == Approx(0.01));
  // with a time step of its own only the noise changes
  const Experiment fixed =
      with("{ kind = 'square', values = [0.05, 0.01], lengths = [1, 1] }", {"dynamics.time_step=0.02"});
  CHECK(course_of(fixed)->at(1).parameters.time_step == 0.02);
  CHECK(course_of(fixed)->at(1).parameters.temperature == Approx(0.01 * 16 / 64).epsilon(1e-14));
}

TEST_CASE("of many cycles one is looked at, and of a long decay enough", "[heavy]") {
  const auto of = [](const std::string& schedule, const std::vector<std::string>& overrides) {
    const Experiment e = with(schedule, overrides);
    return survey(e, *course_of(e));
  };
  const std::string square = "{ kind = 'square', values = [0.05, 0.01], lengths = [3, 4] }";
  const std::vector<std::string> batches = {"dynamics.batch_size={kind='square', values=[10, 50], lengths=[5, 2]}",
                                            "ensemble.burn_in=3", "ensemble.steps=700"};
  const CourseSurvey few = of(square, batches);
  auto longer = batches;
  longer.back() = "ensemble.steps=700000000000";
  const CourseSurvey many = of(square, longer);
  CHECK(few.sampled_time == Approx(100 * (3 * 0.05 + 4 * 0.01)).epsilon(1e-12));
  CHECK(many.sampled_time == Approx(1e9 * few.sampled_time).epsilon(1e-12));
  for (int phase : {0, 1}) {
    CHECK(many.phases[phase].steps == 1'000'000'000 * few.phases[phase].steps);
    CHECK(many.phases[phase].batch_size == Approx(few.phases[phase].batch_size).epsilon(1e-12));
  }
  CHECK(few.phases[1].batch_size == Approx((2 * 10 + 2 * 50) / 4.0));
  const CourseSurvey decay =
      of("{ kind = 'cosine', from = 0.05, to = 0.01, over = 1_000_000_000_000 }", {"ensemble.steps=1_000_000_000_000"});
  CHECK(decay.sampled_time == Approx(0.03e12).epsilon(1e-6));
  CHECK(decay.time_step.high == 0.05);
  CHECK(decay.time_step.low == Approx(0.01).epsilon(1e-4));
}

TEST_CASE("only the last sample of a phase counts where its end is asked for") {
  const Experiment e =
      with("{ kind = 'square', values = [0.05, 0.01], lengths = [3, 4] }", {"record.phases.at_end=true"});
  const auto course = course_of(e);
  for (int n = 1; n < 100; ++n) CHECK(course->phase_of_sample(n) == (n % 7 == 3 ? 0 : n % 7 == 0 ? 1 : -1));
}

TEST_CASE("the resolved text of a schedule reads back to the same course") {
  const std::string text = R"([landscape]
name = "quadratic"
curvatures = [1.0]
[dynamics]
learning_rate = { kind = "square", values = [0.5, 0.1], lengths = [1, 1], units = "epochs" }
batch_size = { kind = "square", values = [10, 10], lengths = [1, 1], units = "epochs" }
dataset_size = 100
noise = { sigma = 1.0 }
[ensemble]
burn_in_epochs = 2
epochs = 20
[sweep]
zip = true
"dynamics.learning_rate.values.1" = [0.1, 0.5]
"dynamics.batch_size.values.1" = [10, 50]
)";
  const ExperimentFile file = read_experiment(text, "e.toml"), again = read_experiment(file.text_resolved, "r.toml");
  CHECK(again.text_resolved == file.text_resolved);
  REQUIRE(again.runs.size() == 2);
  for (std::size_t run : {0, 1}) {
    const Experiment &a = file.runs[run].experiment, &b = again.runs[run].experiment;
    CHECK(a.ensemble.steps == (run == 0 ? 200 : 120));
    CHECK(a.ensemble.steps == b.ensemble.steps);
    CHECK(a.compare.prediction == "none");
    for (int n = 0; n < 50; ++n) {
      CHECK(course_of(a)->at(n).parameters.temperature == course_of(b)->at(n).parameters.temperature);
      CHECK(course_of(a)->at(n).parameters.time_step == course_of(b)->at(n).parameters.time_step);
    }
  }
}

TEST_CASE("a learning rate and a batch size that change together leave the temperature and its prediction") {
  const Experiment e = with("{ kind = 'square', values = [0.05, 0.1], lengths = [3, 4] }",
                            {"dynamics.batch_size={kind='square', values=[10, 20], lengths=[3, 4]}"});
  CHECK(survey(e, *course_of(e)).temperature.is_one());
  CHECK(e.compare.prediction == "boltzmann-gibbs");
}

TEST_CASE("what cannot be a schedule is refused where it stands, with what is allowed") {
  const auto refused = [](const std::string& rate, const std::vector<std::string>& overrides, const std::string& part) {
    INFO(rate);
    try {
      with(rate, overrides);
      FAIL("nothing was refused");
    } catch (const ExperimentError& error) {
      INFO(error.what());
      CHECK(error.problems.size() == 1);
      CHECK(std::string(error.what()).find(part) != std::string::npos);
    }
  };
  const std::string square = "{ kind = 'square', values = [0.05, 0.1], lengths = [1, 1], units = 'epochs' }";
  refused("{ kind = 'sqare', values = [1], lengths = [1] }", {}, "did you mean 'square'?");
  refused("{ value = 1 }", {}, "key 'dynamics.learning_rate.kind' is missing; allowed: constant, steps, square");
  refused("{ kind = 'linear', from = 0.1, over = 2000 }", {}, "key 'dynamics.learning_rate.to' is missing");
  refused("{ kind = 'linear', from = 0.1, to = -1, over = 2000 }", {},
          "'dynamics.learning_rate.to' = -1 is not possible");
  refused("{ kind = 'linear', from = 0.1, to = 0.2, over = 2.5 }", {}, "allowed: a whole number of steps, 1 or more");
  refused("{ kind = 'linear', from = 0.1, to = 0.2, over = 2000, low = 1 }", {},
          "'dynamics.learning_rate.low' = 1 is unknown");
  refused("{ kind = 'square', values = [0.1, 0], lengths = [1, 1] }", {}, "allowed: a number > 0 each");
  refused("{ kind = 'square', values = [0.1, 0.2], lengths = [1] }", {}, "a list of 2 numbers, one a value");
  refused("{ kind = 'triangular', low = 0.2, high = 0.1, half_cycle = 3 }", {}, "not above that of 'high'");
  refused("{ kind = 'square', values = [0.1], lengths = [1], then = 'hold' }", {}, "which this never does");
  refused("{ kind = 'linear', from = 0.1, to = 0.2, over = 999 }", {},
          "ends after 999 steps, and the run has 1000 steps, burn-in included; allowed: then = \"hold\"");
  refused("{ kind = 'piecewise', pieces = [] }", {}, "a list of tables");
  refused(
      "{ kind = 'piecewise', pieces = [{ kind = 'square', values = [1], lengths = [1] }, "
      "{ kind = 'constant', value = 1 }] }",
      {}, "comes after a piece that never ends; allowed: 'over' or 'cycles'");
  refused(square, {}, "key 'dynamics.dataset_size' is missing beside units = \"epochs\"");
  refused(square, {"dynamics.dataset_size=100", "dynamics.batch_size={kind='linear', from=1, to=9, over=2000}"},
          "stages alone where anything is in epochs");
  refused("0.1",
          {"dynamics.dataset_size=100",
           "dynamics.batch_size={kind='square', values=[10, 32], lengths=[1, 1], units='epochs'}"},
          "a stage of 100 examples is not one of steps of 32");
  refused("0.1", {"dynamics={temperature={kind='constant', value=1, units='epochs'}, time_step=0.1, dataset_size=9}"},
          "units = \"steps\": an epoch is so many batches");
  refused("0.1", {"dynamics.batch_size={kind='square', values=[10, 1.5], lengths=[1, 1]}"}, "a whole number from 1");
  refused("{ kind = 'square', values = [0.05, 0.1], lengths = [1, 1] }", {"compare.prediction='boltzmann-gibbs'"},
          "there is no stationary law");
  refused("{ kind = 'square', values = [0.05, 0.1], lengths = [1, 1] }", {"ensemble.burn_in_time=3"},
          "the time step follows the schedule of 'dynamics.learning_rate'");
  refused("{ kind = 'linear', from = 0.05, to = 0.1, over = 1000 }",
          {"dynamics.noise={kind='stable', alpha=1.5, scale=1}", "dynamics.scheme='euler-maruyama'"},
          "allowed: a number under stable noise");
  refused("0.1", {"record.phases={bins=3}"}, "only beside a schedule");
  refused("0.1", {"ensemble.burn_in_epochs=3"}, "only beside 'dynamics.dataset_size'");
  refused("{ kind = 'square', values = [0.05, 0.1], lengths = [1, 1] }",
          {"sweep={'dynamics.learning_rate.values.7' = [1, 2]}"}, "names nothing in the experiment");
}
