#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sde/schemes/list.hpp"
#include "tests/catch.hpp"
#include "tests/difference.hpp"
#include "tests/judged_run.hpp"

// The bias of the time step from runs at multiples of it on the same noise. On a quadratic all of it is known exactly,
// the laws at h, 2 h and 4 h included, so that five standard errors are the whole tolerance (two-sided false alarm
// 6e-7).

using namespace kramers;
using analysis::Estimate, analysis::StepBias, analysis::StudiedRun;
using tests::judged_run;

namespace {

struct Typed {
  std::string landscape, dynamics, ensemble, compare = "step_bias = true";  // lines of their tables
  std::string record = "density = []";
};

std::string text_of(const Typed& typed) {
  return fmt::format("seed = 3\n[landscape]\n{}\n[dynamics]\n{}\n[ensemble]\n{}\n[record]\n{}\n[compare]\n{}\n",
                     typed.landscape, typed.dynamics, typed.ensemble, typed.record, typed.compare);
}

StudiedRun study(const Typed& typed) { return judged_run(text_of(typed)); }

const StepBias::Quantity& named(const StudiedRun& run, const std::string& name) {
  for (const StepBias::Quantity& q : run.assessment.step_bias->quantities)
    if (q.name == name) return q;
  throw std::invalid_argument(name);
}

void check(const Estimate& estimate, double exact, double largest_error) {
  INFO(estimate.value << " +- " << estimate.error << ", exactly " << exact);
  CHECK(estimate.error <= largest_error);
  CHECK(std::abs(estimate.value - exact) <= 5 * estimate.error);
}

/// Errors that are far below those of two runs with noise of their own.
void check_shares_noise(const StepBias::Quantity& q, int order, double gain) {
  const double apart = std::hypot(q.sampled.error, q.coarse[0].error) / (std::ldexp(1, order) - 1);
  INFO(q.name << ": bias known to " << q.bias.error << ", with other noise to " << apart);
  CHECK(q.bias.error < apart / gain);
}

/// L = x^2 / 2, T = 1; one start.
Typed bowl(const std::string& dynamics, int every, const std::string& step_bias) {
  return {.landscape = "name = 'quadratic'\ncurvatures = [1.0]",
          .dynamics = "temperature = 1\n" + dynamics,
          .ensemble = fmt::format("trajectories = 2048\nburn_in = 400\nsteps = 8000\nsample_every = {}", every),
          .compare = "step_bias = " + step_bias};
}

/// Mass of a centred Gaussian of that variance in the cells of a line of bins, below and above.
std::vector<double> gaussian_cells(double variance, int bins, double low, double high) {
  const auto below = [&](double x) { return std::erfc(-x / std::sqrt(2 * variance)) / 2; };
  std::vector<double> cells;
  for (int k = 0; k < bins; ++k)
    cells.push_back(below(low + (k + 1) * (high - low) / bins) - below(low + k * (high - low) / bins));
  cells.push_back(below(low));
  cells.push_back(below(-high));
  return cells;
}

std::string complaint_of(const Typed& typed) {
  try {
    analysis::read_experiment(text_of(typed), "e.toml");
  } catch (const analysis::ExperimentError& error) {
    return fmt::format("{}: {}", error.problems.size(), error.what());
  }
  return "";
}

}  // namespace

TEST_CASE("without a force a run at 2 h or 4 h is at the same place as the run at h", "[step-bias]") {
  // What is left is the force of a loss that is flat to 1e-12, and rounding: in single precision 2^-24 a step, of 500.
  for (const auto& [scheme, precision, rounding] :
       {std::tuple{"euler-maruyama", "double", 1e-9}, {"sra1", "double", 1e-9}, {"euler-maruyama", "single", 1e-3}}) {
    INFO(scheme << " " << precision);
    const StudiedRun run =
        study({.landscape = "name = 'quadratic'\ncurvatures = [1e-12]",
               .dynamics = fmt::format("scheme = '{}'\ntemperature = 1\ntime_step = 0.01", scheme),
               .ensemble = fmt::format("trajectories = 700\nburn_in = 100\nsteps = 400\nsample_every = 20\n"
                                       "precision = '{}'",
                                       precision),
               .compare = "prediction = 'none'\nstep_bias = [2, 4]"});
    for (const char* name : {"mean theta_0", "variance theta_0"}) {
      const StepBias::Quantity& q = named(run, name);
      CHECK(std::abs(q.coarse[0].value - q.sampled.value) < rounding * q.sampled.error);
      CHECK(std::abs(q.coarse[1].value - q.sampled.value) < rounding * q.sampled.error);
      CHECK(q.correlation == Approx(1).margin(rounding));
    }
  }
}

TEST_CASE("the bias of Euler-Maruyama on a quadratic is T/k (u / ((1 - u) (1 - 2 u))), u = k h / 2, less its remainder",
          "[step-bias]") {
  Typed typed = bowl("time_step = 0.1", 4, "[2, 4]");
  typed.record = "density = [{ bins = 40, range = [[-4.0, 4.0]] }]";
  const StudiedRun run = study(typed);
  const auto variance = [](double h) { return 1 / (1 - h / 2); };
  const double at_h = variance(0.1), at_2h = variance(0.2), at_4h = variance(0.4), bias = at_2h - at_h;
  CHECK(bias == Approx(0.05 / (0.95 * 0.9)));

  const StepBias::Quantity& q = named(run, "variance theta_0");
  check(q.sampled, at_h, 2e-3);
  check(q.coarse[0], at_2h, 2e-3);
  check(q.bias, bias, 3e-4);
  check(q.extrapolated, at_h - bias, 2e-3);
  CHECK(*q.prediction == Approx(1));
  CHECK(q.model_error() == Approx(q.extrapolated.value - 1));
  check(*q.remainder, -((at_4h - at_2h) - 2 * bias) / 3, 3e-4);
  check(*q.order_seen, std::log2((at_4h - at_2h) / bias), 0.02);
  CHECK(q.consistent);
  check_shares_noise(q, 1, 5);

  const StepBias::Quantity& loss = named(run, "mean loss");
  check(loss.bias, bias / 2, 2e-4);
  check(loss.extrapolated, (at_h - bias) / 2, 1e-3);
  CHECK(*loss.prediction == Approx(0.5));
  check(named(run, "mean theta_0").bias, 0, 5e-4);
  check(named(run, "temperature").bias, 0, 3e-4);  // measured by what is exact at any h

  // In cells: the laws are Gaussians of these variances.
  const StepBias::Density& density = run.assessment.step_bias->densities.at(0);
  const auto p_h = gaussian_cells(at_h, 40, -4, 4), p_2h = gaussian_cells(at_2h, 40, -4, 4),
             p_0 = gaussian_cells(1, 40, -4, 4);
  double of_bias = 0, of_model = 0, bounds = 0, worst = 0;
  for (std::size_t k = 0; k < p_h.size(); ++k) {
    of_bias += std::abs(p_2h[k] - p_h[k]) / 2;
    of_model += std::abs(2 * p_h[k] - p_2h[k] - p_0[k]) / 2;
    worst = std::max(worst, std::abs(density.bias[k].value - (p_2h[k] - p_h[k])) / density.bias[k].error);
    bounds += density.bias[k].value;
  }
  CHECK(worst < 5.5);  // of 42 cells; 2e-6
  CHECK(bounds == Approx(0).margin(1e-12));
  check({density.bias_variation.estimate, density.bias_variation.error}, of_bias, 1e-3);
  // Bounds hold at 1 - alpha = 0.95 each; a test that is never repeated asks for 5 standard errors.
  const auto& model = *density.model_variation;
  CHECK(density.bias_variation.estimate + 5 * density.bias_variation.error > of_bias);
  CHECK(density.bias_variation.upper > density.bias_variation.estimate);
  CHECK(model.lower(5) < of_model);
  CHECK(model.estimate + 5 * model.error > of_model);
  CHECK(model.estimate < of_bias / 3);             // sampled at h it was of_bias and more
  CHECK(density.t == Approx(1.669).margin(1e-3));  // of 63 degrees of freedom at 0.95
}

TEST_CASE("at order 2 the bias is a third of the difference", "[step-bias]") {
  // OBABO on a quadratic: <x^2> = T / (k (1 - k h^2 / 4)). Leimkuhler & Matthews 2015, section 7.4.
  const StudiedRun run = study(bowl("kind = 'kinetic'\nscheme = 'obabo'\nfriction = 1.0\ntime_step = 0.5", 4, "true"));
  const double at_h = 1 / (1 - 0.25 / 4), at_2h = 1 / (1 - 1.0 / 4);
  const StepBias::Quantity& q = named(run, "variance theta_0");
  check(q.sampled, at_h, 2e-3);
  check(q.bias, (at_2h - at_h) / 3, 1e-3);
  check(q.extrapolated, at_h - (at_2h - at_h) / 3, 2e-3);
  check_shares_noise(q, 2, 1.5);
  CHECK_FALSE(q.remainder);
}

TEST_CASE("steps too long for the order are told", "[step-bias]") {
  const auto at = [](double h) { return study(bowl(fmt::format("time_step = {}", h), 4, "[2, 4]")); };
  const StudiedRun good = at(0.05), bad = at(0.45);  // (V_4h - V_2h) / (V_2h - V_h) = 2.17 and 15.5
  CHECK(named(good, "variance theta_0").consistent);
  CHECK_FALSE(named(bad, "variance theta_0").consistent);
  CHECK(named(bad, "mean theta_0").consistent);  // there is no bias, and none is seen
  CHECK(named(bad, "temperature").consistent);
}

TEST_CASE("runs of every scheme with a bias share the noise with those at 2 h", "[step-bias]") {
  int schemes = 0;
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    if (scheme.invariant_order == sde::unbounded_order || scheme.parameter == "momentum") continue;
    INFO(scheme.name);
    ++schemes;
    Typed typed =
        bowl(fmt::format("kind = '{}'\nscheme = '{}'\ntime_step = 0.05{}", scheme.kinetic() ? "kinetic" : "langevin",
                         scheme.name, scheme.kinetic() ? "\nfriction = 1.0" : ""),
             2, "true");
    typed.ensemble = "trajectories = 512\nburn_in = 100\nsteps = 1000\nsample_every = 2";
    const StudiedRun run = study(typed);
    CHECK(run.assessment.step_bias->order == scheme.invariant_order);
    CHECK(named(run, "mean theta_0").correlation > 0.99);  // strong error, squared: at most (0.05)^2
    CHECK(named(run, "variance theta_0").correlation > 0.95);
  }
  CHECK(schemes >= 10);
}

TEST_CASE("noise with a covariance of its own is shared", "[step-bias]") {
  const StudiedRun run = study({.landscape = "name = 'quadratic'\ncurvatures = [1.0, 2.0]",
                                .dynamics = "learning_rate = 0.02\nbatch_size = 1\n"
                                            "noise = { kind = 'covariance', matrix = [[1.0, 0.5], [0.5, 2.0]] }",
                                .ensemble = "trajectories = 512\nburn_in = 400\nsteps = 2000\nsample_every = 4"});
  // The variance of a quadratic under any constant noise: D / (k (1 - k h / 2)), D = eta C_ii / 2.
  const auto variance = [](double k, double C, double h) { return 0.02 * C / 2 / (k * (1 - k * h / 2)); };
  const StepBias::Quantity &x = named(run, "variance theta_0"), &y = named(run, "variance theta_1");
  check(x.bias, variance(1, 1, 0.04) - variance(1, 1, 0.02), 1e-5);
  check(y.bias, variance(2, 2, 0.04) - variance(2, 2, 0.02), 1e-5);
  check_shares_noise(y, 1, 5);
  CHECK_FALSE(y.prediction);
}

TEST_CASE("BAOAB in a double well is of order 2, and the extrapolated law is Gibbs", "[step-bias]") {
  const StudiedRun run =
      study({.landscape = "name = 'asymmetric-double-well'",
             .dynamics = "kind = 'kinetic'\nscheme = 'baoab'\nfriction = 0.5\ntemperature = 0.4\ntime_step = 0.08",
             .ensemble = "trajectories = 8192\nburn_in = 1000\nsteps = 60000\nsample_every = 4",
             .compare = "step_bias = [2, 4]",
             .record = "density = [{ bins = 100, range = [[-3.0, 3.0]] }]"});
  const StepBias& found = *run.assessment.step_bias;
  CHECK(found.order == 2);
  const StepBias::Quantity& loss = named(run, "mean loss");
  INFO(loss.bias.value << " +- " << loss.bias.error);
  CHECK(loss.bias.value > 5 * loss.bias.error);
  REQUIRE(loss.order_seen);
  INFO("order " << loss.order_seen->value << " +- " << loss.order_seen->error);
  CHECK(loss.order_seen->error < 0.25);
  CHECK(std::abs(loss.order_seen->value - 2) < 5 * loss.order_seen->error);
  for (const StepBias::Quantity& q : found.quantities) {
    INFO(q.name << ": model error " << q.model_error() << " +- " << q.extrapolated.error);
    CHECK(q.consistent);
    CHECK(std::abs(q.model_error()) < 5 * q.extrapolated.error);
  }
  CHECK(found.densities.at(0).model_variation->lower(5) <= 0);
}

TEST_CASE("the run itself is the same with and without companions", "[step-bias]") {
  Typed typed = bowl("time_step = 0.1", 4, "[2, 4]");
  typed.ensemble = "trajectories = 300\nburn_in = 20\nsteps = 400\nsample_every = 4";
  typed.record = "split_r_hat = { quantities = ['loss'] }\npaths = { count = 3, every = 8 }";
  StudiedRun with = study(typed);
  typed.compare = "step_bias = false";
  const StudiedRun without = study(typed);
  CHECK(without.statistics.tallies.size() == 1);
  CHECK_FALSE(without.assessment.step_bias);
  CHECK(with.statistics.tallies.size() == 3);  // and step_bias, step_bias_density_0
  with.statistics.tallies.resize(1);
  CHECK(tests::difference(with.statistics, without.statistics) == "");
}

TEST_CASE("where trajectories diverge at a longer step nothing is said of its bias", "[step-bias]") {
  // The standard deviations are 1.12, 1.29 and 2.24: that a trajectory leaves at 2 h has a chance of 1e-3 in all.
  Typed typed = bowl("time_step = 0.4", 4, "[2, 4]");
  typed.ensemble = "trajectories = 64\nsteps = 400\nsample_every = 4\nguard_radius = 7.0";
  const StudiedRun run = study(typed);
  CHECK(run.statistics.diverged == 0);
  CHECK(run.assessment.step_bias->why_not == "trajectories diverged at 4 h");
  CHECK(std::isnan(named(run, "mean theta_0").bias.value));
}

TEST_CASE("a bias of the step that cannot be had is refused by name", "[step-bias]") {
  const Typed good = bowl("time_step = 0.1", 4, "[2, 4]");
  CHECK(complaint_of(good) == "");
  const auto refused = [&](Typed typed, const std::vector<std::string>& fragments) {
    const std::string complaint = complaint_of(typed);
    INFO(complaint);
    CHECK(complaint.starts_with("1: e.toml:"));
    CHECK(complaint.find("error: key 'compare.step_bias' = ") != std::string::npos);
    for (const std::string& fragment : fragments) {
      INFO(fragment);
      CHECK(complaint.find(fragment) != std::string::npos);
    }
  };
  const auto with = [&](std::string Typed::*table, const std::string& lines) {
    Typed typed = good;
    typed.*table = lines;
    return typed;
  };
  refused(with(&Typed::compare, "step_bias = 'half'"), {"\"half\"", "true, which is [2]: also at 2 h; or [2, 4]"});
  refused(with(&Typed::compare, "step_bias = [3]"), {"[3]", "or [2, 4]"});
  refused(with(&Typed::ensemble, "steps = 300\nburn_in = 30\nsample_every = 6"),
          {"burn_in and sample_every that are multiples of 4 steps", "here they are 30 and 6"});
  refused(with(&Typed::ensemble, "steps = 400\nsample_every = 4\ntrajectories = 7"), {"8 trajectories or more"});
  refused(with(&Typed::dynamics, "scheme = 'exact-ou'\ntemperature = 1\ntime_step = 0.1"),
          {"the scheme exact-ou, whose stationary law has no bias"});
  refused(with(&Typed::dynamics,
               "kind = 'kinetic'\nscheme = 'heavy-ball'\nlearning_rate = 0.01\nbatch_size = 1\n"
               "noise = { sigma = 1.0 }\nmomentum = 0.9"),
          {"the scheme heavy-ball", "at 4 h it would be SGD with another friction"});
  const auto sgd = [](const char* noise) {
    return fmt::format("learning_rate = 0.01\nbatch_size = 4\nnoise = {{ kind = '{} }}", noise);
  };
  refused(with(&Typed::dynamics, "scheme = 'stochastic-heun'\ncalculus = 'stratonovich'\n" + sgd("two-basin'")),
          {"the scheme stochastic-heun, whose order 2 is that under additive noise alone"});
  CHECK(complaint_of(with(&Typed::dynamics, sgd("two-basin'"))) == "");
  refused(with(&Typed::dynamics, sgd("stable', alpha = 1.5, scale = 1.0")),
          {"under stable noise, of which long steps cannot be made from short ones"});
  refused(with(&Typed::dynamics,
               "temperature = { kind = 'square', values = [1, 1], lengths = [100, 100] }\n"
               "time_step = 0.1"),
          {"a schedule"});
  // h k = 2 is where Euler-Maruyama becomes unstable, h^2 k = 4 where leapfrogs do: here k = 1.
  refused(with(&Typed::dynamics, "temperature = 1\ntime_step = 0.6"),
          {"a time step whose 4 h is below 2, where euler-maruyama becomes unstable at lambda_max = 1",
           "here h = 0.6 and 4 h = 2.4"});
  CHECK(complaint_of(with(&Typed::dynamics, "temperature = 1\ntime_step = 0.49")) == "");
  refused(
      with(&Typed::dynamics, "kind = 'kinetic'\nscheme = 'baoab'\nfriction = 1.0\ntemperature = 1\ntime_step = 0.5"),
      {"4 h is below 2, where baoab becomes unstable"});
}
