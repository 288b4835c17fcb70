#include <Eigen/LU>
#include <numbers>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/recorded/acceptance.hpp"
#include "analysis/study/convergence.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/observers/acceptance.hpp"
#include "tests/catch.hpp"
#include "tests/ensemble_run.hpp"
#include "tests/mala_acceptance.hpp"

// The Metropolis-adjusted Langevin algorithm has Gibbs' law at any step, and an acceptance that an integral gives.

using namespace kramers;
using namespace kramers::tests;
using sde::block_lanes;

namespace {

Run mala(const std::string& landscape, double time_step, double temperature, std::uint64_t burn_in) {
  return {.landscape = landscape,
          .parameters = {},
          .scheme = "mala",
          .time_step = time_step,
          .temperature = temperature,
          .plan = {.seed = 23,
                   .trajectories = 4096,
                   .burn_in = burn_in,
                   .steps = 16'000,
                   .sample_every = 8,
                   .requests = {std::make_shared<sde::AcceptanceRequest>()}}};
}

Estimate acceptance(const sde::RunStatistics& s) {
  const analysis::Table table = analysis::acceptance_table(*s.tally("acceptance"));
  return {table.field("acceptance")->values[0], table.field("acceptance_error")->values[0]};
}

}  // namespace

TEST_CASE("at steps at which Euler-Maruyama is far off, MALA samples Gibbs' density of the double well", "[mala]") {
  const double T = 0.2;
  const std::vector<sde::DensityGrid> densities = {{{0}, {24}, {{-2.2, 1.5}}}};  // no cell has less than 1e-4
  const auto landscape = landscapes::find("asymmetric-double-well").make({});
  const analysis::Prediction gibbs = analysis::boltzmann_gibbs(*landscape, T, densities);
  const auto cell = [](const sde::RunStatistics& s, int k) {
    return over_replicates(s.replicates, [&](int g) {
      double in = 0, due = 0;
      for (int group = 0; group < s.expected.groups; ++group) {
        in += double(s.densities[0](group, g, k));
        due += double(s.expected(group, g, 0));
      }
      return in / due;
    });
  };
  for (const double h : {0.1, 0.3}) {
    INFO("h = " << h);
    Run run = mala("asymmetric-double-well", h, T, std::uint64_t(300 / h));  // 24 relaxation times of 12.3
    run.plan.densities = densities;
    const sde::RunStatistics s = simulate(run);
    CHECK(s.diverged == 0);
    CHECK_ESTIMATE(occupancy(s, 0), (*gibbs.basins)[0], 1.5e-3);
    CHECK_ESTIMATE(mean_square(s), *gibbs.second_moment[0], 1e-3);
    CHECK_ESTIMATE(mean_loss(s), *gibbs.loss, 3e-4);
    CHECK_ESTIMATE(temperature(s), T, 2e-3 * T);
    for (int k = 0; k < s.densities[0].cells; ++k) CHECK_ESTIMATE(cell(s, k), (*gibbs.densities[0])[k], 6e-4);
    CHECK(acceptance(s).value < (h == 0.1 ? 0.95 : 0.8));
  }
  Run run = mala("asymmetric-double-well", 0.1, T, 3000);
  run.scheme = "euler-maruyama";
  run.plan.requests.clear();
  run.plan.densities = densities;
  const sde::RunStatistics euler = simulate(run);
  CHECK(std::abs(occupancy(euler, 0).value - (*gibbs.basins)[0]) > 0.01);
  int off = 0;
  for (int k = 0; k < euler.densities[0].cells; ++k) {
    const Estimate e = cell(euler, k);
    off += std::abs(e.value - (*gibbs.densities[0])[k]) > 10 * e.error;
  }
  CHECK(off > 12);
}

TEMPLATE_TEST_CASE("MALA has Gibbs' covariance of a correlated quadratic at any step", "[mala]", double, float) {
  const Eigen::Matrix2d H{{2, 0.5}, {0.5, 1}}, S = 0.1 * H.inverse();
  for (const double h : {0.2, 0.9, 1.6}) {  // the last of them beyond what Euler-Maruyama can take
    INFO("h = " << h);
    Run run = mala("quadratic", h, 0.1, 1000);
    run.parameters = {{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}},
                      {"center", std::vector<double>{1, -2}}};
    run.plan.origin = {1, -2};
    const sde::RunStatistics s = simulate<TestType>(run);
    CHECK_ESTIMATE(mean(s, 0), 1, 1e-3);
    CHECK_ESTIMATE(mean(s, 1), -2, 1e-3);
    CHECK_ESTIMATE(mean(s, 2), S(0, 0) + 1, 2e-3);
    CHECK_ESTIMATE(mean(s, 3), S(0, 1) - 2, 2e-3);
    CHECK_ESTIMATE(mean(s, 4), S(1, 1) + 4, 3e-3);
    CHECK_ESTIMATE(temperature(s), 0.1, 2e-4);
    CHECK(acceptance(s).value < (h < 0.5 ? 0.98 : 0.85));
  }
}

TEST_CASE("MALA stays where Euler-Maruyama explodes, and has Gibbs' law there", "[mala]") {
  Run run = mala("quartic", 0.35, 0.4, 2000);
  run.plan.guard_radius = 50;
  const auto landscape = landscapes::find(run.landscape).make({});
  const analysis::Prediction gibbs = analysis::boltzmann_gibbs(*landscape, run.temperature, {});
  const sde::RunStatistics s = simulate(run);
  CHECK(s.diverged == 0);
  CHECK_ESTIMATE(mean(s, 0), 0, 2e-3);
  CHECK_ESTIMATE(mean_square(s), *gibbs.second_moment[0], 1e-3);
  CHECK_ESTIMATE(mean_loss(s), *gibbs.loss, 3e-4);
  CHECK_ESTIMATE(temperature(s), run.temperature, 1e-3);
  run.scheme = "euler-maruyama";
  run.plan.requests.clear();
  CHECK(simulate(run).diverged > 3500);
  // A step that proposes nothing but nonsense moves nothing.
  run = mala("quartic", 1e6, 0.4, 0);
  run.plan.steps = 800;
  const sde::RunStatistics stuck = simulate<float>(run);
  CHECK(stuck.diverged == 0);
  CHECK(acceptance(stuck).value < 1e-3);
}

TEMPLATE_TEST_CASE("the acceptance is the integral over Gibbs' law and the proposals", "[mala]", double, float) {
  struct Line {
    const char* landscape;
    landscapes::Parameters parameters;
    double low, high, h, T, tolerance;
  };
  for (const Line& line : {Line{"quadratic", {{"curvatures", std::vector<double>{2}}}, -1.5, 1.5, 0.3, 0.05, 2e-4},
                           Line{"quadratic", {{"curvatures", std::vector<double>{2}}}, -1.5, 1.5, 0.8, 0.05, 3e-4},
                           Line{"asymmetric-double-well", {}, -3.5, 2.5, 0.05, 0.2, 3e-4},
                           Line{"asymmetric-double-well", {}, -3.5, 2.5, 0.2, 0.2, 3e-4}}) {
    INFO(line.landscape << ", h = " << line.h);
    Run run = mala(line.landscape, line.h, line.T, std::uint64_t(150 / line.h));
    run.parameters = line.parameters;
    const auto landscape = landscapes::find(run.landscape).make(run.parameters);
    CHECK_ESTIMATE(acceptance(simulate<TestType>(run)),
                   mala_acceptance(*landscape, line.low, line.high, line.h, line.T), line.tolerance);
  }
}

TEST_CASE("the acceptance in many dimensions is 2 Phi(-c) where it scales as h^(3/2) d^(1/2)", "[mala]") {
  // On a quadratic ln alpha = -h k^2 (y^2 - x^2) / (4 T) in each direction, y = (1 - h k) x + sqrt(2 T h) xi, which at
  // stationarity has the variance u^3 / 2 + u^6 / 8 with u = h k, and minus half of it for its mean. In many dimensions
  // the sum v of variances is that of a normal law, and <min(1, alpha)> = 2 Phi(-sqrt(v) / 2), but for O(1 / d): 0.01.
  const int dim = 64;
  const double h = 0.25, k = 1;
  Run run = mala("quadratic", h, 0.5, 400);
  run.parameters = {{"curvatures", std::vector<double>(dim, k)}};
  run.plan.trajectories = 512;
  run.plan.steps = 1600;
  const double u = h * k, c = std::sqrt((std::pow(u, 3) / 2 + std::pow(u, 6) / 8) * dim) / 2;
  const Estimate measured = acceptance(simulate(run));
  INFO(measured.value << " +- " << measured.error);
  CHECK(measured.error < 2e-3);
  CHECK(std::abs(measured.value - std::erfc(c / std::numbers::sqrt2)) < 0.01);
}

namespace {

/// L = -2 ln(1 - x^2), no number beyond -1 and 1: at T = 1 the density is 15 (1 - x^2)^2 / 16, with <x^2> = 1/7.
template <sde::Real R>
struct Walls final : sde::BlockLandscape<R> {
  int dim() const override { return 1; }
  void gradient(const R* x, R* g) const override {
    for (int lane = 0; lane < block_lanes; ++lane) g[lane] = 4 * x[lane] / (1 - x[lane] * x[lane]);
  }
  void value(const R* x, R* loss) const override {
    for (int lane = 0; lane < block_lanes; ++lane) loss[lane] = -2 * std::log(1 - x[lane] * x[lane]);
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a proposal whose loss is no number is rejected", "[mala]", double, float) {
  sde::EnsemblePlan plan = mala("", 0.05, 1, 2000).plan;
  plan.start.at = {{-0.5}, {0.5}};
  plan.trajectories = 1024;
  plan.guard_radius = 1;
  const auto scheme = sde::make_scheme<TestType>("mala", {.time_step = 0.05, .temperature = 1});
  const sde::RunStatistics s = *sde::simulate<TestType>(Walls<TestType>(), *scheme, plan);
  CHECK(s.diverged == 0);
  CHECK_ESTIMATE(mean(s, 0), 0, 1e-3);
  CHECK_ESTIMATE(mean_square(s), 1.0 / 7, 5e-4);
  CHECK_ESTIMATE(temperature(s), 1, 8e-3);
}

TEST_CASE("the paths of MALA have the strong order 3/4, and their expectations the weak order 1", "[mala]") {
  // On a quadratic, along Brownian paths of 2^10 steps, which the reference (Euler-Maruyama, of strong order 1)
  // follows.
  constexpr int finest = 10, first = 2, last = 6, blocks = 1024;
  const auto landscape = landscapes::find("quadratic").make({{"curvatures", std::vector<double>{1}}});
  const auto& bowl = landscape->block_double();
  const auto euler = [](double h) {
    return sde::make_scheme<double>("euler-maruyama", {.time_step = h, .temperature = 1});
  };
  double square[last + 1] = {}, sum[last + 1] = {};
  sde::AlignedVector<double> fine(block_lanes << finest), x(block_lanes), reference(block_lanes),
      scratch(2 * block_lanes), extra(3 * block_lanes), rows(3 * block_lanes);
  for (int block = 0; block < blocks; ++block) {
    const std::uint64_t path = std::uint64_t(block) * block_lanes;
    sde::normals<double>({.seed = 29}, path, 0, 1 << finest, fine.data());
    std::fill(reference.begin(), reference.end(), 1.0);
    euler(std::ldexp(1, -finest))->advance(bowl, 1 << finest, fine.data(), reference.data(), nullptr, scratch.data());
    for (int level = first; level <= last; ++level) {
      const auto scheme = sde::make_scheme<double>("mala", {.time_step = std::ldexp(1, -level), .temperature = 1});
      std::fill(x.begin(), x.end(), 1.0);
      scheme->start(bowl, x.data(), extra.data(), scratch.data());
      const int each = 1 << (finest - level);
      for (int step = 0; step < 1 << level; ++step) {
        sde::normals<double>({.seed = std::uint64_t(31 + level)}, path, 2 * step, 2, rows.data() + block_lanes);
        for (int lane = 0; lane < block_lanes; ++lane) {
          double increment = 0;
          for (int k = 0; k < each; ++k) increment += fine[(step * each + k) * block_lanes + lane];
          rows[lane] = increment / std::sqrt(each);
        }
        scheme->advance(bowl, 1, rows.data(), x.data(), extra.data(), scratch.data());
      }
      for (int lane = 0; lane < block_lanes; ++lane) {
        square[level] += std::pow(x[lane] - reference[lane], 2);
        sum[level] += x[lane] - reference[lane];
      }
    }
  }
  const double paths = double(blocks) * block_lanes;
  const double strong = std::log2(square[first] / square[last]) / (2 * (last - first));
  const double weak = std::log2(sum[first] / sum[first + 2]) / 2;
  // The weak errors are known to a relative sqrt(<d^2> / n) / <d>.
  const double weak_error =
      std::hypot(std::sqrt(square[first] * 1.0) / sum[first], std::sqrt(square[first + 2] * 1.0) / sum[first + 2]) /
      (2 * std::numbers::ln2);
  INFO("strong " << strong << ", weak " << weak << " +- " << weak_error << ", of " << paths << " paths");
  // A tenth is for terms of higher order; the root mean square is known to a hundredth and better.
  CHECK(std::abs(strong - sde::find_scheme("mala")->strong_order) < 0.1);
  CHECK(weak_error < 0.02);
  CHECK(std::abs(weak - sde::find_scheme("mala")->weak_order) < 0.1);
}

namespace {

analysis::StudiedRun studied(const std::string& time_step) {
  return analysis::prepare(
      analysis::read_experiment("seed = 3\nlandscape = { name = 'asymmetric-double-well' }\n"
                                "dynamics = { scheme = 'mala', temperature = 0.4, time_step = " +
                                    time_step +
                                    " }\n"
                                    "ensemble = { trajectories = 4096, burn_in_time = 100, "
                                    "steps = 4000, sample_every = 10 }\n"
                                    "record = { density = [{ axes = [0], bins = 50 }], "
                                    "events = [{ above = 0.0 }] }\n",
                                "x.toml"))[0];
}

}  // namespace

TEST_CASE("an experiment with MALA has no bias of the step, and tells its acceptance", "[mala]") {
  std::vector<analysis::StudiedRun> runs{studied("0.1")};
  REQUIRE(runs[0].theory.integrator);
  CHECK(runs[0].theory.integrator->densities[0] == runs[0].theory.prediction->densities[0]);
  CHECK_FALSE(runs[0].run.experiment.record.events[0].bridge);  // a rejection is no bridge that returns
  CHECK(runs[0].theory.passages[0].at_steps.empty());
  REQUIRE(analysis::simulate(runs[0], {}, {}));
  CHECK(analysis::judge(runs) == analysis::Decision::agrees);
  const analysis::Assessment& assessment = runs[0].assessment;
  CHECK(assessment.densities[0].verdict->bias_of_step == 0.0);
  REQUIRE(assessment.tables.size() == 1);
  CHECK(assessment.tables[0].name == "acceptance");
  const double told = assessment.tables[0].field("acceptance")->values[0];
  const double error = assessment.tables[0].field("acceptance_error")->values[0];
  CHECK(error < 1e-3);
  CHECK(std::abs(told - mala_acceptance(*runs[0].landscape, -4.5, 3, 0.1, 0.4)) < 5 * error);
}

TEST_CASE("orders along coarse Brownian paths are not measured of a scheme that rejects", "[mala]") {
  CHECK_THROWS_WITH(analysis::measure_convergence(studied("0.1"), {}),
                    "dynamics.scheme = mala accepts its steps by random numbers that are in no Brownian path; allowed: "
                    "schemes without Metropolis' rule");
}

TEST_CASE("a GPU refuses MALA by name", "[mala]") {
  CHECK(analysis::device_obstacle({studied("0.1")}) ==
        "the scheme is mala; allowed on a GPU: euler-maruyama, leimkuhler-matthews, baoab, heavy-ball");
}
