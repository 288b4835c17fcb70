#include <cmath>
#include <ctime>
#include <limits>
#include <string>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/inertia.hpp"
#include "analysis/prediction/line_relaxation.hpp"
#include "analysis/prediction/linear_step.hpp"
#include "analysis/study/forecast.hpp"
#include "analysis/study/pilots.hpp"
#include "analysis/study/study.hpp"
#include "landscapes/catalogue.hpp"
#include "sde/schemes/list.hpp"
#include "tests/catch.hpp"

using namespace kramers;
using analysis::Relaxation;
using analysis::Theory;
using Kind = Relaxation::Kind;

namespace {

/// A run of 64 trajectories, one of 1000 steps after 100, unless the ensemble says so.
analysis::StudiedRun study(const std::string& landscape, const std::string& dynamics,
                           const std::string& ensemble = "trajectories = 64\nburn_in = 100\nsteps = 1000",
                           const std::string& more = "") {
  return analysis::prepare(analysis::read_experiment("[landscape]\n" + landscape + "\n[dynamics]\n" + dynamics +
                                                         "\n[ensemble]\n" + ensemble + "\n" + more,
                                                     "test"))
      .front();
}
Theory theory(const std::string& landscape, const std::string& dynamics) { return study(landscape, dynamics).theory; }
Relaxation relaxation(const std::string& landscape, const std::string& dynamics) {
  return theory(landscape, dynamics).relaxation.value();
}
std::string overdamped(double temperature, double time_step, const std::string& scheme = "euler-maruyama") {
  return "scheme = '" + scheme + "'\ntemperature = " + std::to_string(temperature) +
         "\ntime_step = " + std::to_string(time_step);
}
std::string baoab(double temperature, double friction) {
  return overdamped(temperature, 0.02, "baoab") + "\nkind = 'kinetic'\nfriction = " + std::to_string(friction);
}
std::string momentum(const std::string& scheme, double mu) {
  return "kind = 'kinetic'\nscheme = '" + scheme +
         "'\nlearning_rate = 0.01\nbatch_size = 1\nmomentum = " + std::to_string(mu) +
         "\nnoise = { kind = 'isotropic', sigma = 1.0 }";
}

const std::string well = "name = 'asymmetric-double-well'";
const std::string parabola = "name = 'quadratic'\ncurvatures = [1.0]";

double gap(const std::string& name, double temperature) {
  const auto landscape = landscapes::find(name).make({});
  return analysis::relaxation_rate(*analysis::gibbs_line(*landscape, 0, temperature), temperature).value();
}

}  // namespace

TEST_CASE("the relaxation rate is the spectral gap of the generator", "[relaxation]") {
  // Known by spectral elements, to the digits given.
  for (const auto& [temperature, rate] : {std::pair{0.05, 1.33457e-4}, {0.1, 0.0090155460}, {0.2, 0.0809977556}}) {
    CHECK(gap("asymmetric-double-well", temperature) == Approx(rate).epsilon(temperature < 0.1 ? 4e-6 : 1e-8));
    const Relaxation found = relaxation(well, overdamped(temperature, 0.004));
    CHECK(found.time == Approx(1 / rate).epsilon(temperature < 0.1 ? 4e-6 : 1e-8));
    CHECK(found.is_exact());
    CHECK(found.by == "exchange of basins");
  }
  for (const auto& [temperature, rate] : {std::pair{0.05, 0.00277614066}, {0.1, 0.0335452873}, {0.25, 0.187170418}})
    CHECK(gap("quartic", temperature) == Approx(rate).epsilon(1e-8));
}

TEST_CASE("no rate is told of a well that falls between the nodes of every grid", "[relaxation]") {
  // Two wells of like mass, at 0 and 1, the other of width 1e-3, then 1e-8 of the support.
  const auto wells = [](double width) {
    const auto minus_log = [width](double x) {
      const double here = (x - 1) / width;
      return -std::log(std::exp(-x * x / 0.08) + 0.2 / width * std::exp(-here * here / 2)) + 0.01 * x * x;
    };
    return analysis::LineDensity{minus_log, {}, {0, 1}};
  };
  CHECK(analysis::relaxation_rate(wells(3e-3), 1).has_value());
  CHECK_FALSE(analysis::relaxation_rate(wells(1e-8), 1).has_value());

  const Theory wide =
      theory(well + "\nleft = -1e6\ncurvature_left = 1e-15\ncurvature_right = 4.0\ncurvature_saddle = 1e-12",
             overdamped(0.1, 0.004));
  CHECK_FALSE(wide.relaxation.has_value());
  CHECK(wide.why_no_relaxation == "no grid resolves the density of theta_0: wells too narrow beside its extent");
}

TEST_CASE("a cold double well relaxes at Kramers' rate", "[relaxation]") {
  // Quartic x^4/4 - x^2/2, barrier 1/4: both wells leave at sqrt(2)/(2 pi) exp(-1/4T), up to O(T).
  for (double temperature : {0.01, 0.005}) {
    const double kramers = std::sqrt(2.0) / M_PI * std::exp(-0.25 / temperature);
    CHECK(gap("quartic", temperature) == Approx(kramers).epsilon(4 * temperature));
  }
}

TEST_CASE("colder than numbers reach, nothing ever crosses", "[relaxation]") {
  const auto cold = study("name = 'tilted-quartic'\nbarrier = 1.0\ntilt = -0.1", overdamped(1e-3, 0.005));
  CHECK(std::isinf(cold.theory.relaxation.value().time));
  CHECK(cold.theory.relaxation->is_exact());
  CHECK(analysis::window_advice(cold).find("nothing ever crosses") == 0);
  CHECK(analysis::expected_basin_errors(cold).empty());
  CHECK(analysis::forecast(cold, 1).why_not.find("nothing ever crosses") == 0);
  // With inertia, too, and then it is a bound.
  const Theory kinetic = theory("name = 'tilted-quartic'", baoab(1e-3, 1));
  CHECK(std::isinf(kinetic.relaxation_floor.value()));
}

TEST_CASE("a quadratic relaxes as its step does, exactly, along its slowest direction", "[relaxation]") {
  for (double temperature : {0.01, 1.0}) {
    const Relaxation found =
        relaxation("name = 'quadratic'\ncurvatures = [5.0, 0.5, 20.0]", overdamped(temperature, 0.01));
    CHECK(found.time == Approx(-0.01 / std::log(1 - 0.005)).epsilon(1e-9));
    CHECK(found.is_exact());
    CHECK(found.by == "theta_1");
  }
  // Eigenvalues (3 - sqrt 2) / 2 and (3 + sqrt 2) / 2.
  const Relaxation turned =
      relaxation("name = 'quadratic'\nhessian = [[2.0, 0.5], [0.5, 1.0]]", overdamped(0.3, 0.001, "exact-ou"));
  CHECK(turned.time == Approx(2 / (3 - std::sqrt(2.0))).epsilon(1e-9));
  // Noise that does not depend on theta does not matter.
  const Relaxation shaped = relaxation("name = 'quadratic'\nhessian = [[2.0, 0.5], [0.5, 1.0]]",
                                       "learning_rate = 0.01\nbatch_size = 1\nnoise = { kind = 'covariance', matrix = "
                                       "[[2.0, 1.0], [1.0, 3.0]] }");
  CHECK(shaped.is_exact());
  CHECK(shaped.time == Approx(-0.01 / std::log(1 - 0.01 * (3 - std::sqrt(2.0)) / 2)).epsilon(1e-9));
}

TEST_CASE("the linear map of a step has the eigenvalues of its formula", "[relaxation]") {
  const double h = 0.1, lambda = 3, z = h * lambda, gamma = 0.7;
  const auto time = [&](const std::string& scheme, double factor) {
    const sde::SchemeParameters p{.time_step = h, .temperature = 0.4, .friction = gamma};
    CHECK(analysis::slowest_mode_of_step(scheme, p, lambda).value() == Approx(-h / std::log(factor)).epsilon(1e-9));
  };
  for (const char* scheme : {"euler-maruyama", "leimkuhler-matthews", "milstein"}) time(scheme, 1 - z);
  for (const char* scheme : {"stochastic-heun", "sra1", "sri1w1"}) time(scheme, 1 - z + z * z / 2);
  time("implicit-euler", 1 / (1 + z));
  time("exact-ou", std::exp(-z));
  // Underdamped splittings: the determinant of the map is exp(-gamma h), and its eigenvalues are a conjugate pair.
  for (const char* scheme : {"baoab", "aboba", "obabo"}) time(scheme, std::exp(-gamma * h / 2));
  for (const char* scheme : {"tamed-euler", "mala"})
    CHECK_FALSE(analysis::slowest_mode_of_step(scheme, {.time_step = h, .temperature = 0.4}, lambda));
  // Heavy ball x'' = (1 + mu - eta lambda) x' - mu x; Nesterov (1 + mu) (1 - eta lambda) x' - mu (1 - eta lambda) x.
  const double eta = 0.01, mu = 0.6;
  const auto root = [](double sum, double product) { return (sum + std::sqrt(sum * sum - 4 * product)) / 2; };
  const sde::SchemeParameters sgd{.time_step = h, .temperature = 0.4, .learning_rate = eta, .momentum = mu};
  CHECK(analysis::slowest_mode_of_step("heavy-ball", sgd, lambda).value() ==
        Approx(-h / std::log(root(1 + mu - eta * lambda, mu))).epsilon(1e-8));
  CHECK(analysis::slowest_mode_of_step("nesterov", sgd, lambda).value() ==
        Approx(-h / std::log(root((1 + mu) * (1 - eta * lambda), mu * (1 - eta * lambda)))).epsilon(1e-8));
}

TEST_CASE("with much momentum what is remembered is the velocity", "[relaxation]") {
  // Complex eigenvalues of modulus sqrt(mu), a step of sqrt(eta) = 0.1.
  for (const auto& [mu, time] : {std::pair{0.99, 19.9}, {0.9999, 2000.}}) {
    const Relaxation found = relaxation(parabola, momentum("heavy-ball", mu));
    CHECK(found.time == Approx(-0.1 / std::log(std::sqrt(mu))).epsilon(1e-6));
    CHECK(found.time == Approx(time).epsilon(0.001));
    CHECK(found.is_exact());
    CHECK(found.by == "theta_0 with momentum");
  }
  // On any landscape it is a bound.
  CHECK(theory(well, momentum("heavy-ball", 0.9999)).relaxation_floor.value() > 1999);
  // Curvatures 2 and 12: the softer.
  CHECK(theory(well, momentum("nesterov", 0.99)).relaxation_floor.value() ==
        Approx(-0.1 / std::log(std::sqrt(0.99 * 0.98))).epsilon(1e-6));
}

TEST_CASE("what is not linear, or rejects steps, is not exact", "[relaxation]") {
  CHECK(relaxation(parabola, overdamped(0.1, 0.1, "tamed-euler")).kind == Kind::estimate);
  const Theory mala = theory(parabola, overdamped(0.1, 0.5, "mala"));
  CHECK(mala.relaxation.value().kind == Kind::at_least);
  CHECK(mala.relaxation_floor.value() == Approx(1 / 1.25));
  CHECK(theory(well, overdamped(0.1, 0.004, "mala")).relaxation.value().kind == Kind::at_least);
  // Beyond h lambda_max = 1 the step is another process than the equation.
  CHECK(relaxation(well, overdamped(0.1, 0.08)).is_exact());
  CHECK(relaxation(well, overdamped(0.1, 0.1)).kind == Kind::estimate);
  CHECK_FALSE(theory(parabola, overdamped(0.1, 2.5)).relaxation);
}

TEST_CASE("in the plane the bound holds, and is near", "[relaxation][heavy]") {
  // Two-dimensional spectral elements.
  for (const auto& [temperature, rate] : {std::pair{0.2, 0.008748366305}, {0.1, 6.584159234e-5}}) {
    const Theory found = theory("name = 'channel'", overdamped(temperature, 0.002));
    CHECK(found.relaxation.value().kind == Kind::at_least);
    CHECK(found.relaxation->by == "exchange of basins");
    CHECK(found.relaxation->time < 1 / rate);
    CHECK(found.relaxation->time > 0.95 / rate);
    CHECK(found.relaxation_floor.value() == found.relaxation->time);
  }
  // The valley relaxes at its mean stiffness where the wells exchange fast: no coordinate is forgotten.
  const Relaxation slow =
      relaxation("name = 'channel'\ntilt = 0.0\nbarrier = 0.2\nstiffness_left = 0.01\nstiffness_right = 0.0105",
                 overdamped(0.4, 0.02, "leimkuhler-matthews"));
  CHECK(slow.time == Approx(97.6).epsilon(0.002));
  CHECK(slow.by == "theta_1");
  // No marginal is known in closed form.
  const auto rough =
      study("name = 'mueller-brown'", overdamped(20, 1e-4), "trajectories = 64\nburn_in = 100\nsteps = 1000",
            "[record]\ndensity = [{ axes = [0], bins = 20, range = [[-2.0, 2.0]] }]");
  CHECK(rough.theory.relaxation_floor.value() == Approx(0.22).epsilon(0.03));
}

TEST_CASE("above the plane the softest curvature of a minimum is a bound, as far as the energy T feels it",
          "[relaxation]") {
  const Theory valley = theory("name = 'channel'\ntransverse_dim = 3\nstiffness_left = 0.01\nstiffness_right = 20.0",
                               overdamped(0.1, 0.01));
  CHECK(valley.relaxation_floor.value() > 99);
  // A well of curvature 8e-4 at its two minima holds them to 1 / 8e-4 = 1250, but T = 0.1 is far above its barrier of
  // 1e-4: it is about h x^4, whose gap is 2.73 sqrt(h T).
  const Theory flat = theory(
      "name = 'channel'\nbarrier = 1e-4\ntilt = 0.0\ntransverse_dim = 2\nstiffness_left = 1.0\n"
      "stiffness_right = 1.5",
      overdamped(0.1, 0.01));
  CHECK(flat.relaxation_floor.value() > 90);
  CHECK(flat.relaxation_floor.value() < 1.05 / (2.73 * std::sqrt(1e-4 * 0.1)));
}

TEST_CASE("with inertia the exchange over a barrier is estimated at any friction, and bounded", "[relaxation]") {
  // By the Klein-Kramers equation itself, Hermite functions of the momentum on a grid of positions; the slowest
  // eigenvalue was good to a few per cent (at gamma = 0.01 with 320 functions, and still rising).
  for (const auto& [temperature, friction, time] :
       {std::tuple{0.1, 0.01, 2620.}, {0.1, 0.1, 368.}, {0.1, 1.0, 200.9}, {0.1, 10.0, 1124.}, {0.2, 0.02, 216.}}) {
    const Theory found = theory(well, baoab(temperature, friction));
    INFO("T = " << temperature << ", gamma = " << friction << ": " << found.relaxation.value().time);
    CHECK(found.relaxation->kind == Kind::estimate);
    CHECK(found.relaxation->time == Approx(time).epsilon(0.17));
    CHECK(found.relaxation_floor.value() < time);
  }
  CHECK(relaxation(well, baoab(0.1, 0.01)).by == "energy diffusion");
  // Transition state theory, harmonic wells: sqrt(k) / 2 pi exp(-barrier / T) out of each, 4e-7 in all.
  const Theory cold = theory(well, baoab(0.03, 0.001));
  const double most = (std::sqrt(2.0) * std::exp(-0.4 / 0.03) + std::sqrt(12.0) * std::exp(-0.5 / 0.03)) / (2 * M_PI);
  CHECK(cold.relaxation_floor.value() == Approx(1 / most).epsilon(0.1));
  CHECK(cold.relaxation.value().time > 1e7);
}

TEST_CASE("many coordinates that are alike are solved once", "[relaxation]") {
  std::string origin;
  for (int i = 0; i < 40; ++i) origin += "0.0, ";
  const auto file = analysis::read_experiment(
      "[landscape]\nname = 'styblinski-tang'\ndim = 40\n[dynamics]\n" + overdamped(10, 0.002, "leimkuhler-matthews") +
          "\n[ensemble]\ntrajectories = 64\nburn_in = 100\nsteps = 1000\nstart = { kind = 'points', at = [[" + origin +
          "]] }\n[record]\ndensity = [{ axes = [0], bins = 20, range = [[-4.0, 4.0]] }]",
      "test");
  const analysis::Experiment& experiment = file.runs.front().experiment;
  const auto landscape = landscapes::find(experiment.landscape.name).make(experiment.landscape.parameters);
  const analysis::Derived derived = analysis::derive(experiment, *landscape);
  const auto begin = std::clock();
  const analysis::RelaxationFacts found = analysis::relaxation_facts(experiment, *landscape, derived);
  CHECK(double(std::clock() - begin) / CLOCKS_PER_SEC < 0.3);
  CHECK(found.slowest.value().is_exact());
  const auto one = landscapes::find("styblinski-tang").make({{"dim", std::int64_t(1)}});
  CHECK(found.slowest->rate() ==
        Approx(analysis::relaxation_rate(*analysis::gibbs_line(*one, 0, 10), 10).value()).epsilon(1e-6));
}

TEST_CASE("a pilot is not sent where nothing ever crosses", "[relaxation][until]") {
  const auto cold =
      study("name = 'tilted-quartic'", overdamped(1e-3, 0.005),
            "trajectories = 1024\nburn_in = 100\nsample_every = 20\nuntil = { total_variation_error = 0.01 }",
            "[record]\ndensity = [{ axes = [0], bins = 20, range = [[-2.0, 2.0]] }]");
  CHECK(analysis::pilot_obstacle(cold).find("nothing ever crosses") == 0);
}

TEST_CASE("the error of a basin's weight knows the inertia and the starts", "[relaxation][plan]") {
  // Two states that exchange in tau = 2700, P (1 - P) = 0.248, half of the starts in either: the mean over t = 4000
  // after t = 1000 has g(x) - eps^2 = 0.646 - 0.130 of that variance, 0.0056 for 4096 trajectories.
  const auto slow =
      study(well, "kind = 'kinetic'\nscheme = 'baoab'\nfriction = 0.01\ntemperature = 0.1\ntime_step = 0.1",
            "trajectories = 4096\nburn_in = 10000\nsteps = 40000\nsample_every = 20");
  CHECK(analysis::expected_basin_errors(slow).at(0) == Approx(0.0056).epsilon(0.05));
  // From one start, long before it has crossed, the spread is no error.
  const auto stuck = study(well, baoab(0.03, 0.001),
                           "trajectories = 64\nburn_in = 100\nsteps = 1000\n"
                           "start = { kind = 'points', at = [[-1.0]] }");
  CHECK(analysis::expected_basin_errors(stuck).empty());
}

TEST_CASE("a run is as long as a verdict asks for", "[relaxation][plan][heavy]") {
  const auto ensemble = [](const std::string& start, double burn_in, double time) {
    return "trajectories = 1024\nsample_every = 10\nburn_in_time = " + std::to_string(burn_in) +
           "\ntime = " + std::to_string(time) + "\nstart = { kind = 'points', at = " + start + " }";
  };
  const auto advice = [&](const std::string& landscape, const std::string& dynamics, const std::string& start,
                          double burn_in, double time) {
    return analysis::window_advice(study(landscape, dynamics, ensemble(start, burn_in, time)));
  };
  // Exact, relaxation time 1: three of them sampled, or a burn-in of ln(10 A min(1, tau / t_s) / delta).
  const std::string step = overdamped(0.1, 0.01);
  CHECK(advice(parabola, step, "[[0.5]]", 0, 3.1).empty());
  CHECK_FALSE(advice(parabola, step, "[[0.5]]", 0, 2.9).empty());
  const double enough = std::log(10 * 0.5 / std::sqrt(0.1) / 0.01);
  CHECK(advice(parabola, step, "[[0.5]]", enough + 0.1, 0.5).empty());
  CHECK(advice(parabola, step, "[[0.5]]", enough - 0.1, 0.5).find("burn-in") != std::string::npos);
  // Not exact: it has to be measured, which takes twenty, or starts in two basins.
  const std::string valley = "name = 'channel'\nbarrier = 0.5", warm = overdamped(0.2, 0.005);
  CHECK(advice(valley, warm, "[[-0.9, 0.0]]", 100, 100).find("start in two basins") != std::string::npos);
  CHECK(advice(valley, warm, "[[-0.9, 0.0], [0.9, 0.0]]", 100, 100).empty());
  CHECK(advice(valley, warm, "[[-0.9, 0.0]]", 0, 1000).empty());
}

TEST_CASE("a plan goes the shorter of two ways to a verdict", "[relaxation][plan]") {
  using analysis::Window;
  // What is left of the start, against its integral over the samples.
  CHECK(Window{2, 3, 1.5}.from_start() == Approx(1.5 * (std::exp(-2.0) - std::exp(-5.0)) / 3).epsilon(1e-12));
  CHECK(Window{2, 1e-12, 1}.from_start() == Approx(std::exp(-2.0)));
  // Long runs: halves are independent, so that the noise of pi + (pi_2 - pi_1) / 2 is that of pi_2, sqrt 2.
  CHECK(Window{0, 1e6}.noise_of_extrapolation() == Approx(std::sqrt(2.0)).epsilon(1e-5));
  CHECK(std::isinf(Window{0, 1}.noise_of_extrapolation()));
  CHECK(std::isfinite(Window{0, 1.05}.noise_of_extrapolation()));
  CHECK(analysis::enough_burn_in({0, 0.1, 2}, 0.01) == Approx(std::log(2000.0)));
  CHECK(analysis::enough_burn_in({0, 50, 2}, 0.01) == Approx(std::log(40.0)));

  // Two basins, TV 0, tolerance 0.01: nine verdicts of ten are right from about 2300 trajectories on, as simulated.
  const double deviation = analysis::basin_weight_deviation(0.4544, 0.00902, 2700);
  const Window window{4.51, 24.4};
  const auto needed = [&](double from_start, double noise_of_extrapolation) {
    return analysis::trajectories_to_decide(
        {.deviation = deviation, .from_start = from_start, .noise_of_extrapolation = noise_of_extrapolation});
  };
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(needed(window.from_start(), window.noise_of_extrapolation()) == Approx(2300).epsilon(0.1));
  CHECK(std::isinf(needed(0.01, infinity)));
  CHECK(needed(0.01, 1.4) == Approx(1.4 * 1.4 * needed(0, infinity)).epsilon(0.01));
  CHECK(needed(0.001, 1.4) == Approx(needed(0, infinity) / 0.81).epsilon(0.01));
}

TEST_CASE("one comparison that disagrees is enough", "[relaxation][plan]") {
  // Euler-Maruyama at h = 0.02 is off by 0.022 over theta_0, and by 0.01 in the weights, where no number would tell.
  const auto coarse =
      study(well, overdamped(0.1, 0.02), "trajectories = 8192\nburn_in_time = 500.0\ntime = 2700.0\nsample_every = 20",
            "[record]\ndensity = [{ axes = [0], bins = 200, range = [[-3.0, 3.0]] }]");
  const analysis::Forecast f = analysis::forecast(coarse, 2);
  REQUIRE(f.densities.at(0).disagrees);
  CHECK(f.trajectories() == f.densities[0].trajectories);
  CHECK(f.trajectories().value() < 3000);
}
