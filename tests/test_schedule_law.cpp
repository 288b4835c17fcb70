#include <fmt/format.h>

#include <array>
#include <cmath>

#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/study.hpp"
#include "tests/catch.hpp"
#include "tests/difference.hpp"

using namespace kramers;
using namespace kramers::analysis;

// On a quadratic the variance under a schedule follows a recursion step by step, so the periodic state is known. The
// numbers are those of cyclic learning rate against cyclic batch size, Jastrzebski et al., arXiv:1711.04623.

namespace {

/// Two runs: stages of `epochs` with the learning rates `high` and `low` at batch size S, and with the batch sizes S
/// and S high / low at the learning rate `high`.
struct Setting {
  double curvature, high, low;
  int examples, S, epochs;
  double by_rate[2], by_batch[2], continuous[2];  // variances at the end of the high and of the low stage

  ExperimentFile file() const {
    return read_experiment(
        fmt::format(R"([landscape]
name = "quadratic"
curvatures = [{0}]
[dynamics]
learning_rate = {{ kind = "square", values = [{1}, {1}], lengths = [{2}, {2}], units = "epochs" }}
batch_size = {{ kind = "square", values = [{3}, {3}], lengths = [{2}, {2}], units = "epochs" }}
dataset_size = {4}
noise = {{ sigma = 1.0 }}
[ensemble]
trajectories = 20_000
burn_in_epochs = {5}
epochs = {6}
start = {{ kind = "points", at = [[0.0]] }}
[record]
phases = {{ at_end = true }}
[sweep]
zip = true
"dynamics.learning_rate.values.1" = [{7}, {1}]
"dynamics.batch_size.values.1" = [{3}, {8}]
)",
                    curvature, high, epochs, S, examples, 20 * epochs, 40 * epochs, low, S * std::lround(high / low)),
        "a20.toml");
  }
};

const std::vector<Setting> settings = {{1,
                                        0.5,
                                        0.1,
                                        100,
                                        10,
                                        1,
                                        {0.0333333098, 0.00867583306},
                                        {0.0333333095, 0.00833333184},
                                        {0.0249992149, 0.00770659941}},
                                       {2,
                                        0.05,
                                        0.01,
                                        640,
                                        128,
                                        5,
                                        {1.02523335e-4, 4.98798909e-5},
                                        {1.02519506e-4, 4.91369985e-5},
                                        {9.73226736e-5, 4.81491154e-5}}};

/// Variances at the ends of the two phases once every cycle is like the one before; `next` leads over one step.
template <class Next>
std::array<double, 2> periodic_variances(const ScheduledCourse& course, Next next) {
  std::array<double, 2> ends{};
  double variance = 0;
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    variance = next(variance, course.at(step).parameters);
    if (const int phase = course.phase_of_sample(step + 1); phase >= 0) ends[phase] = variance;
  }
  return ends;
}

std::vector<StudiedRun> simulated(const ExperimentFile& file) {
  std::vector<StudiedRun> runs = prepare(file);
  for (StudiedRun& run : runs) REQUIRE(simulate(run, {}, {}));
  judge(runs);
  return runs;
}

void check_estimate(const Estimate& e, double exact, double precision) {
  INFO("measured " << e.value << " +- " << e.error << ", exact " << exact);
  CHECK(e.error <= precision * std::abs(exact));
  CHECK(std::abs(e.value - exact) <= 5 * e.error);
}

std::vector<StudiedRun> simulated(const std::string& text) { return simulated(read_experiment(text, "e.toml")); }

}  // namespace

TEST_CASE("the course of a cyclic learning rate and of a cyclic batch size gives the periodic variances of theory") {
  for (const Setting& s : settings) {
    const ExperimentFile file = s.file();
    for (std::size_t run : {0, 1}) {
      const auto course = course_of(file.runs.at(run).experiment);
      const auto discrete = periodic_variances(*course, [&](double variance, const sde::SchemeParameters& p) {
        const double a = 1 - p.time_step * s.curvature;
        return a * a * variance + 2 * p.temperature * p.time_step;
      });
      const auto continuous = periodic_variances(*course, [&](double variance, const sde::SchemeParameters& p) {
        const double limit = p.temperature / s.curvature;
        return limit + (variance - limit) * std::exp(-2 * s.curvature * p.time_step);
      });
      for (int phase : {0, 1}) {
        CHECK(discrete[phase] == Approx((run == 0 ? s.by_rate : s.by_batch)[phase]).epsilon(5e-9));
        CHECK(continuous[phase] == Approx(s.continuous[phase]).epsilon(5e-9));
      }
    }
  }
}

TEST_CASE("sampled variances of a cyclic learning rate and of a cyclic batch size are those of theory") {
  for (const Setting& s : settings) {
    const std::vector<StudiedRun> runs = simulated(s.file());
    for (std::size_t run : {0, 1}) {
      const auto& phases = runs[run].assessment.phases;
      REQUIRE(phases.size() == 2);
      for (int phase : {0, 1}) {
        CHECK(phases[phase].samples == 20 * 20'000);
        check_estimate(phases[phase].variance[0], (run == 0 ? s.by_rate : s.by_batch)[phase], 0.01);
      }
    }
  }
}

TEST_CASE("every step of a continuous decay has its own noise and its own length") {
  const auto runs = simulated(R"([landscape]
name = "quadratic"
curvatures = [2.0]
[dynamics]
learning_rate = { kind = "cosine", from = 0.4, to = 0.01, over = 40 }
batch_size = { kind = "linear", from = 4, to = 40, over = 40 }
noise = { sigma = 1.0 }
[ensemble]
trajectories = 200_000
steps = 40
start = { kind = "points", at = [[0.5]] }
[record]
phases = { bins = 8, at_end = true }
)");
  const auto course = course_of(runs[0].run.experiment);
  const auto& phases = runs[0].assessment.phases;
  REQUIRE(phases.size() == 8);
  double mean = 0.5, variance = 0;
  for (int n = 0; n < 40; ++n) {
    const double eta = 0.01 + 0.39 * (1 + std::cos(M_PI * n / 40)) / 2, S = std::round(4 + 36 * n / 40.0);
    const double a = 1 - 2 * eta;
    mean *= a;
    variance = a * a * variance + eta * eta / S;
    if (n % 5 != 4) continue;
    const PhaseEstimates& phase = phases[n / 5];
    CHECK(phase.samples == 200'000);
    check_estimate(phase.variance[0], variance, 0.01);
    CHECK(std::abs(phase.mean[0].value - mean) <= 5 * phase.mean[0].error);
    check_estimate(phase.loss_mean, variance + mean * mean, 0.01);
  }
}

TEST_CASE("under momentum the velocity goes on when the learning rate changes") {
  const auto runs = simulated(R"([landscape]
name = "quadratic"
curvatures = [2.0]
[dynamics]
kind = "kinetic"
scheme = "heavy-ball"
momentum = 0.8
learning_rate = { kind = "square", values = [0.2, 0.02], lengths = [8, 8] }
batch_size = 4
noise = { sigma = 1.0 }
[ensemble]
trajectories = 40_000
burn_in = 800
steps = 320
sample_every = 8
start = { kind = "points", at = [[0.0]] }
)");
  // covariances of (x, v) under v' = mu v - eta lambda x + noise, x' = x + v'
  double xx = 0, xv = 0, vv = 0, ends[2];
  for (int n = 0; n < 1600; ++n) {
    const double eta = n % 16 < 8 ? 0.2 : 0.02, mu = 0.8, k = 2 * eta;
    const double v2 = mu * mu * vv - 2 * mu * k * xv + k * k * xx + eta * eta / 4;
    const double x_v = mu * xv - k * xx;  // <x v'>
    xx += 2 * x_v + v2;
    xv = x_v + v2;
    vv = v2;
    if (n % 8 == 7) ends[n % 16 / 8] = xx;
  }
  for (int phase : {0, 1}) check_estimate(runs[0].assessment.phases.at(phase).variance[0], ends[phase], 0.01);
}

TEST_CASE("noise that is not isotropic keeps its shape under a schedule") {
  const auto runs = simulated(R"([landscape]
name = "quadratic"
curvatures = [1.0, 3.0]
[dynamics]
learning_rate = { kind = "triangular", low = 0.02, high = 0.3, half_cycle = 10 }
batch_size = { kind = "square", values = [4, 16], lengths = [10, 10] }
noise = { kind = "diagonal", variances = [1.0, 4.0] }
[ensemble]
trajectories = 40_000
burn_in = 400
steps = 200
start = { kind = "points", at = [[0.0, 0.0]] }
[record]
density = []
phases = { bins = 2, at_end = true }
)");
  double variance[2] = {0, 0}, ends[2][4];
  for (int n = 0; n < 400; ++n) {
    const int k = n % 20;
    const double eta = 0.02 + 0.28 * (1 - std::abs(k - 10) / 10.0), S = k < 10 ? 4 : 16;
    for (int i : {0, 1}) {
      const double a = 1 - eta * (i == 0 ? 1 : 3);
      variance[i] = a * a * variance[i] + eta * eta * (i == 0 ? 1 : 4) / S;
      if (k % 5 == 4) ends[i][k / 5] = variance[i];
    }
  }
  for (int phase : {0, 1, 2, 3})
    for (int i : {0, 1}) check_estimate(runs[0].assessment.phases.at(phase).variance[i], ends[i][phase], 0.01);
}

TEST_CASE("a schedule that never changes gives the bits of the number, and the same verdict") {
  const std::string text = R"([landscape]
name = "asymmetric-double-well"
[dynamics]
learning_rate = {}
batch_size = 32
noise = {{ sigma = 12.0 }}
scheme = "leimkuhler-matthews"
[ensemble]
trajectories = 1_000
burn_in = 100
steps = 500
sample_every = 10
)";
  const auto number = simulated(fmt::format(fmt::runtime(text), "0.05"));
  const auto constant = simulated(fmt::format(fmt::runtime(text), "{ kind = 'constant', value = 0.05 }"));
  CHECK(tests::difference(number[0].statistics, constant[0].statistics) == "");
  CHECK(number[0].assessment.decision == constant[0].assessment.decision);
  CHECK(number[0].assessment.temperature.measured.value == constant[0].assessment.temperature.measured.value);
  // all samples are of its one phase
  const PhaseEstimates& phase = constant[0].assessment.phases.at(0);
  CHECK(phase.samples == 50'000);
  CHECK(phase.mean[0].value == Approx(constant[0].assessment.moments.mean[0].value).epsilon(1e-12));
  CHECK(phase.loss_variance.error == Approx(constant[0].assessment.moments.loss_variance.error).epsilon(1e-6));
  for (std::size_t i : {0, 1})
    CHECK(phase.basins.at(i).value == Approx(constant[0].assessment.basins[i].value).epsilon(1e-12));
}

TEST_CASE("a run whose temperature changes is never said to agree, and its temperature is not judged") {
  const auto runs = simulated(R"([landscape]
name = "asymmetric-double-well"
[dynamics]
learning_rate = { kind = "square", values = [0.05, 0.01], lengths = [10, 10] }
batch_size = 32
noise = { sigma = 12.0 }
[ensemble]
trajectories = 128
steps = 200
)");
  CHECK(runs[0].assessment.decision == Decision::not_judged);
  CHECK(std::isnan(runs[0].assessment.temperature.measured.value));
  CHECK_FALSE(runs[0].theory.prediction);
  CHECK(std::isnan(runs[0].theory.derived.temperature));
  CHECK(runs[0].theory.derived.unstable_from == 2 / 0.05);
  CHECK(device_obstacle(runs).find("schedule") != std::string::npos);
}
