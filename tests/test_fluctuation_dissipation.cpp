#include <cmath>
#include <string>
#include <vector>

#include "analysis/prediction/coordinate_temperatures.hpp"
#include "analysis/recorded/fluctuation_dissipation.hpp"
#include "sde/schemes/list.hpp"
#include "tests/noise_run.hpp"

using namespace kramers;
using analysis::Table;
using tests::sample;
using tests::Typed;

// The temperature of every coordinate: <theta_i g_i> - (h / 2) <g_i^2> = T A_ii, and its like.

namespace {

constexpr double alpha = 0.05;

analysis::Experiment experiment_of(const Typed& typed) {
  const std::string text = "[landscape]\n" + typed.landscape + "\n[dynamics]\n" + typed.dynamics + "\n[ensemble]\n" +
                           typed.ensemble + "\n[record]\n" + typed.record + "\n[compare]\nprediction = \"none\"\n";
  return analysis::read_experiment(text, "typed").runs[0].experiment;
}

/// What `sampled` yields, held against what `claimed` says of the noise.
Table table_of(const Typed& sampled, const Typed& claimed) {
  const sde::RunStatistics s = sample(sampled);
  return analysis::fluctuation_dissipation_table(*s.tally("fluctuation_dissipation"),
                                                 analysis::coordinate_temperatures(experiment_of(claimed)), alpha);
}
Table table_of(const Typed& typed) { return table_of(typed, typed); }

std::vector<double> of(const Table& table, const std::string& field) { return table.field(field)->values; }

/// Curvatures from 0.5 to 4, or with axes that are none of the coordinates', h lambda_max = 0.8.
const std::string axes = "name = \"quadratic\"\ncurvatures = [0.5, 1.0, 2.0, 4.0]\n";
const std::string turned = R"(name = "quadratic"
hessian = [[1.5, 0.5, 0.2, 0.0], [0.5, 2.0, 0.3, 0.1], [0.2, 0.3, 1.0, 0.4], [0.0, 0.1, 0.4, 3.0]]
)";
const std::string isotropic = "noise = { sigma = 1.0 }\n";
const std::string diagonal = "noise = { kind = \"diagonal\", variances = [0.2, 3.0, 0.8, 0.0] }\n";
const std::string full = R"(noise = { kind = "covariance", matrix = [
  [1.0, 0.5, 0.0, 0.1], [0.5, 2.0, 0.0, 0.0], [0.0, 0.0, 0.3, 0.0], [0.1, 0.0, 0.0, 0.5]] }
)";
const std::string sgd = "learning_rate = 0.2\nbatch_size = 2\n";
std::string of_trajectories(int count) {
  return "trajectories = " + std::to_string(count) + "\nburn_in = 400\nsteps = 2000\nsample_every = 10\n" +
         "start = { at = [[0.5, -0.5, 0.2, 0.1], [-0.5, 0.5, -0.2, -0.1]] }\n";
}
const std::string long_enough = of_trajectories(4096);
const std::string record = "density = []\nfluctuation_dissipation = true\n";

}  // namespace

TEST_CASE("each coordinate has the temperature of its own noise, under every scheme that says so", "[stationary]") {
  // T = eta C_ii / (2 S) whatever the Hessian, and whatever else C holds.
  struct Case {
    std::string noise;
    std::vector<double> variances;
  };
  const std::vector<Case> cases = {{isotropic, {1, 1, 1, 1}}, {diagonal, {0.2, 3, 0.8, 0}}, {full, {1, 2, 0.3, 0.5}}};
  for (const std::string& landscape : {axes, turned})
    for (const Case& c : cases)
      for (const std::string scheme :
           {"euler-maruyama", "tamed-euler", "implicit-euler", "exact-ou", "heavy-ball", "nesterov"}) {
        if (!sde::find_scheme(scheme)->exact_temperature) continue;
        const bool inertial = sde::find_scheme(scheme)->kinetic();
        const int trajectories = scheme == "implicit-euler" ? 256 : 4096;  // it solves equations
        CAPTURE(landscape, c.noise, scheme);
        const Typed typed{landscape,
                          (inertial ? "kind = \"kinetic\"\nmomentum = 0.5\n" : "") + ("scheme = \"" + scheme + "\"\n") +
                              sgd + c.noise,
                          of_trajectories(trajectories), record};
        const Table table = table_of(typed);
        for (std::size_t i = 0; i < 4; ++i) {
          CAPTURE(i);
          const double T = 0.2 * c.variances[i] / (2 * 2) / (inertial ? 0.5 : 1);
          const double measured = of(table, "coordinate_temperature")[i],
                       error = of(table, "coordinate_temperature_error")[i];
          CHECK(of(table, "expected")[i] == Approx(T).epsilon(1e-12));
          // Five standard errors, which must be small enough for the test to mean something.
          CHECK(std::abs(measured - T) <= 5 * error + 1e-12);
          CHECK(error < 0.01 * (T + 0.05) * std::sqrt(4096.0 / trajectories));
          CHECK(of(table, "residual")[i] == measured - of(table, "expected")[i]);
        }
      }
}

TEST_CASE("isotropic schemes with memory tell each coordinate's temperature too", "[stationary]") {
  for (const std::string scheme : {"leimkuhler-matthews", "baoab", "aboba", "obabo"}) {
    CAPTURE(scheme);
    const bool inertial = sde::find_scheme(scheme)->kinetic();
    const Table table = table_of({turned,
                                  "scheme = \"" + scheme + "\"\ntemperature = 0.05\ntime_step = 0.2\n" +
                                      (inertial ? "kind = \"kinetic\"\nfriction = 1.0\n" : ""),
                                  long_enough, record});
    for (std::size_t i = 0; i < 4; ++i) {
      CAPTURE(i);
      CHECK(std::abs(of(table, "coordinate_temperature")[i] - 0.05) <=
            5 * of(table, "coordinate_temperature_error")[i]);
      CHECK(of(table, "coordinate_temperature_error")[i] < 0.004 * 0.05);
    }
  }
}

TEST_CASE("their mean is the measured temperature", "[stationary]") {
  const Typed typed{turned, sgd + full, long_enough, record};
  const sde::RunStatistics s = sample(typed);
  double mean = 0;
  for (double T :
       of(analysis::fluctuation_dissipation_table(*s.tally("fluctuation_dissipation"),
                                                  analysis::coordinate_temperatures(experiment_of(typed)), alpha),
          "coordinate_temperature"))
    mean += T / 4;
  CHECK(mean == Approx(tests::temperature(s).value).epsilon(1e-12));
}

TEST_CASE("noise that is off by sqrt 2 in one coordinate is flagged in that one and in no other", "[stationary]") {
  const auto with = [](const std::string& variances) {
    return Typed{turned, sgd + "noise = { kind = \"diagonal\", variances = " + variances + " }\n", long_enough, record};
  };
  for (int off = 0; off < 4; ++off) {
    CAPTURE(off);
    std::string variances;
    for (int i = 0; i < 4; ++i) variances += (i == 0 ? "[" : ", ") + std::string(i == off ? "2.0" : "1.0");
    const Table table = table_of(with(variances + "]"), with("[1.0, 1.0, 1.0, 1.0]"));
    for (int i = 0; i < 4; ++i) {
      CAPTURE(i);
      CHECK(of(table, "flagged")[i] == (i == off ? 1 : 0));
    }
    CHECK(of(table, "limit")[0] == Approx(2.571).margin(1e-3));  // Student's, 63 degrees, at 1 - 0.05 / 8
    CHECK(of(table, "z")[off] > 50);
    CHECK(of(table, "residual")[off] == Approx(0.05).epsilon(0.02));
  }
}

TEST_CASE("by chance, any coordinate of a run is flagged no more often than alpha says", "[stationary]") {
  // 40 runs of 4 coordinates; the number of runs with any flag is binomial, at most with alpha = 0.05: more than 8 have
  // the probability 1e-4. And some flag must be possible: of 160 z beyond two standard errors there are 7 on average,
  // none with a probability of 1e-3.
  int flagged = 0, beyond_two = 0;
  for (int seed = 1; seed <= 40; ++seed) {
    sde::RunStatistics s;
    const std::string text = "seed = " + std::to_string(seed) + "\n[landscape]\n" + axes + "\n[dynamics]\n" + sgd +
                             isotropic +
                             "\n[ensemble]\ntrajectories = 512\nburn_in = 200\nsteps = 200\nsample_every = 10\n"
                             "start = { at = [[0.1, 0.1, 0.1, 0.1]] }\n[record]\n" +
                             record + "\n[compare]\nprediction = \"none\"\n";
    std::vector<analysis::StudiedRun> runs = analysis::prepare(analysis::read_experiment(text, "typed"));
    REQUIRE(analysis::simulate(runs[0], {}, {}));
    const Table table =
        analysis::fluctuation_dissipation_table(*runs[0].statistics.tally("fluctuation_dissipation"),
                                                analysis::coordinate_temperatures(runs[0].run.experiment), alpha);
    bool any = false;
    for (std::size_t i = 0; i < 4; ++i) {
      any = any || of(table, "flagged")[i] == 1;
      beyond_two += std::abs(of(table, "z")[i]) > 2;
    }
    flagged += any;
  }
  CHECK(flagged <= 8);
  CHECK(beyond_two >= 1);
}

TEST_CASE("where the covariance depends on theta nothing is expected", "[stationary]") {
  const Table table = table_of({"name = \"quadratic\"\ncurvatures = [1.0]\n",
                                sgd + "noise = { kind = \"formula\", variance = \"1 + x^2\" }\n",
                                "trajectories = 128\nsteps = 100\nstart = { at = [[0.0]] }\n", record});
  CHECK(std::isnan(of(table, "expected")[0]));
  CHECK(of(table, "flagged")[0] == 0);
  CHECK(of(table, "coordinate_temperature")[0] > 0);
}
