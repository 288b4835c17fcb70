#include <fmt/format.h>

#include <cmath>

#include "analysis/experiment/rounding.hpp"
#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/study.hpp"
#include "sde/schemes/types.hpp"
#include "tests/ensemble_run.hpp"

// A step that is short beside the last bit of a coordinate: what it adds is summed before it is added, so that the
// drift is not rounded away before the noise comes, and rounding is as good as random.

using namespace kramers;
using namespace kramers::tests;

namespace {

constexpr double center = 100, ulp = 0x1p-17;  // of single precision there

/// k = 1 around 100. The noise of a step moves x by 8 ulp, the drift by half an ulp: each rounding adds ulp^2 / 12 to
/// the variance of a step, which is 64 ulp^2, and so 0.13 % to the temperature.
Run cold_bowl(const sde::SchemeFacts& scheme) {
  const bool kinetic = scheme.parameter == "friction", momentum = scheme.parameter == "momentum";
  const double h = kinetic ? 0.05 : 0.005, noise = 8.2 * ulp;
  Run run{.landscape = "quadratic",
          .parameters = {{"center", std::vector<double>{center}}},
          .scheme = std::string(scheme.name),
          .time_step = h,
          .temperature = kinetic ? noise * noise / (h * h) : noise * noise / (2 * h),
          .plan = {.seed = 3, .trajectories = 8192, .burn_in = 2000, .steps = 16'000, .sample_every = 40}};
  if (momentum) run.momentum = 0.5;
  return run;
}

double effective_temperature(const Run& run) { return sde::effective_temperature(run.scheme_parameters()); }

/// Of theta_0, over all samples.
Estimate variance(const sde::RunStatistics& s) {
  const double about =
      over_replicates(s.replicates, [&](int g) { return s.sums[g * s.quantities()] / s.sample_count[g]; }).value;
  return over_replicates(s.replicates, [&](int g) {
    const double* sum = s.sums.data() + g * s.quantities();
    return (sum[1] - 2 * about * sum[0]) / s.sample_count[g] + about * about;
  });
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The mean of v' - v over velocities that are dense among those of single precision, without noise and gradient.
template <class Move>
double mean_change(Move move) {
  constexpr int velocities = 1 << 14;
  double sum = 0;
  for (int i = 0; i < velocities; ++i) {
    const float v = 1 + float(i * 509 + 7) * 0x1p-23f;  // from 1 to 2
    sum += double(move(v)) - double(v);
  }
  return sum / velocities;
}
constexpr double mean_velocity = 1.497;  // of those, to 3e-4

}  // namespace

TEST_CASE("single precision keeps a drift of half an ulp in every scheme", "[rounding]") {
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    CAPTURE(scheme.name);
    const Run run = cold_bowl(scheme);
    const Estimate relative = variance(simulate<float>(run));
    const double exact = effective_temperature(run);  // k = 1, and the time step adds less than 0.4 %
    CAPTURE(relative.value / exact, relative.error / exact);
    CHECK(relative.error < 2.5e-3 * exact);
    CHECK(std::abs(relative.value - exact) < 5 * relative.error + 0.005 * exact);
  }
}

TEST_CASE("the warning of rounding says what it adds to the temperature", "[rounding]") {
  const auto prepared = [](double temperature, const std::string& more) {
    return analysis::prepare(analysis::read_experiment(
        fmt::format("[landscape]\nname = \"quadratic\"\ncenter = [100.0]\n[dynamics]\ntemperature = {}\n"
                    "time_step = 0.005\n[ensemble]\nsteps = 1\n{}[record]\ndensity = []\n",
                    temperature, more),
        "e.toml", {}))[0];
  };
  const auto warning = [](const analysis::StudiedRun& r) {
    return analysis::rounding_warning(r.run.experiment, *r.landscape, r.theory.derived);
  };
  // Noise of 2 ulp of single precision at 100: 1 / (12 * 4)
  const double cold = 4 * ulp * ulp / (2 * 0.005);
  const std::string single = "precision = \"single\"\n";
  const analysis::StudiedRun studied = prepared(cold, single);
  const double share = rounding(studied.run.experiment, *studied.landscape, studied.theory.derived).share();
  CHECK(share == Approx(1.0 / 48));
  Run run = cold_bowl(*sde::find_scheme("euler-maruyama"));
  run.temperature = cold;
  const Estimate measured = variance(simulate<float>(run));
  CHECK(std::abs(measured.value / cold - (1 + share)) < 5 * measured.error / cold + 0.005);
  CHECK(measured.value > 1.01 * cold);
  CHECK(says(warning(studied), "near 100 to 7.63e-06: rounding adds about 2.1 % to the temperature"));
  CHECK(warning(prepared(cold, "")) == "");            // in double precision
  CHECK(warning(prepared(4.1 * cold, single)) == "");  // 4 ulp
  CHECK(says(warning(prepared(cold, single + "start = { at = [[-1000.0]] }\n")),
             "coordinates near 1e+03 to 6.1e-05: rounding decides what moves"));
  CHECK(says(warning(prepared(1e-30, "")), "double precision knows coordinates near 100 to 1.42e-14"));
}

TEST_CASE("single precision keeps a friction that is rounded beside 1", "[rounding]") {
  // 1 - mu and gamma h are 16.5 times the last bit below 1: as mu and c they would be 16 or 17 of them.
  const double loss = 16.5 * 0x1p-24;
  const sde::SchemeParameters p{
      .time_step = 1, .temperature = 1e-30, .friction = loss, .learning_rate = 1, .momentum = 1 - loss};
  const auto after = [&]<class Scheme>(const Scheme& scheme, float v) {
    sde::Element<float, Scheme> e{};
    e.extra[0] = v;
    scheme.move(e);
    return e.extra[0];
  };
  const auto check = [&]<template <class> class Scheme>(double factor) {
    const Scheme<float> scheme(p);
    CAPTURE(Scheme<float>::facts.name);
    CHECK(mean_change([&](float v) { return after(scheme, v); }) ==
          Approx(-factor * loss * mean_velocity).epsilon(0.01));
  };
  check.operator()<sde::HeavyBall>(1);
  check.operator()<sde::Nesterov>(1);
  check.operator()<sde::Baoab>(1);
  check.operator()<sde::Aboba>(1);
  check.operator()<sde::Obabo>(1);  // twice half of it
}

TEST_CASE("kinetic schemes have their law at any friction, in both precisions", "[rounding]") {
  // k = 1: positions have the variance T under BAOAB and ABOBA, T / (1 - h^2 / 4) under OBABO, whatever gamma is.
  for (const double friction : {1.0, 100.0, 1e4, 1e300})
    for (const char* scheme : {"baoab", "aboba", "obabo"}) {
      CAPTURE(friction, scheme);
      Run run{.landscape = "quadratic",
              .parameters = {},
              .scheme = scheme,
              .time_step = 0.4,
              .temperature = 0.5,
              .friction = friction,
              .plan = {.seed = 14, .trajectories = 4096, .burn_in = 400, .steps = 4000, .sample_every = 20}};
      const double exact = std::string(scheme) == "obabo" ? 0.5 / (1 - 0.04) : 0.5;
      const sde::RunStatistics in_double = simulate(run), in_single = simulate<float>(run);
      for (const sde::RunStatistics* s : {&in_double, &in_single}) {
        CHECK(s->diverged == 0);
        CHECK_ESTIMATE(mean_square(*s), exact, 2e-3);
        CHECK_ESTIMATE(temperature(*s), 0.5, 2e-3);
      }
    }
}
