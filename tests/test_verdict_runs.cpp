#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/study/processors.hpp"
#include "analysis/study/study.hpp"
#include "tests/catch.hpp"

// The verdict on real runs whose law is known exactly, at many seeds: how often a bound is wrong, and how often it
// decides. The tag [table] prints it.

using namespace kramers;
using analysis::Decision;

namespace {

/// A density of one run, in the end and as the run was started; the prediction is its law.
struct Setting {
  std::string name, experiment;
};

/// Metropolis' rule and the exact step sample Gibbs' law at any time step.
const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = {{"two wells, Metropolis' rule, two starts", R"(
[landscape]
name = "asymmetric-double-well"
loss_left = 0.0
loss_right = 0.0
curvature_left = 4.0
curvature_right = 4.0
[dynamics]
scheme = "mala"
temperature = 0.6
time_step = 0.05
[ensemble]
trajectories = 512
burn_in = 400
steps = 1500
sample_every = 10
start = { kind = "points", at = [[-1.0], [1.0]] }
[record]
density = [ { axes = [0], bins = 60, range = [[-3.0, 3.0]] } ]
)"},
                                           {"a bowl, exact steps, one start, theory", R"(
[landscape]
name = "quadratic"
[dynamics]
scheme = "exact-ou"
temperature = 1.0
time_step = 0.5
[ensemble]
trajectories = 512
burn_in = 20
steps = 200
[record]
density = [ { axes = [0], bins = 100, range = [[-4.0, 4.0]] } ]
)"},
                                           {"a bowl, exact steps, from 3 deviations away, no burn-in", R"(
[landscape]
name = "quadratic"
[dynamics]
scheme = "exact-ou"
temperature = 1.0
time_step = 0.5
[ensemble]
trajectories = 512
steps = 64
start = { kind = "points", at = [[3.0]] }
[record]
density = [ { axes = [0], bins = 40, range = [[-4.0, 4.0]] } ]
)"},
                                           {"two coordinates, Metropolis' rule, measured", R"(
[landscape]
name = "quadratic"
curvatures = [1.0, 4.0]
[dynamics]
scheme = "mala"
temperature = 1.0
time_step = 0.2
[ensemble]
trajectories = 512
burn_in = 50
steps = 400
sample_every = 2
[record]
density = [ { axes = [0], bins = 60, range = [[-4.0, 4.0]] } ]
)"}};
  return all;
}

struct Shares {
  int judged = 0, above = 0, below = 0, disagrees = 0;  // upper < true; lower > true; any comparison that disagrees
};

Shares at_seeds(const Setting& setting, int seeds) {
  Shares shares;
  for (int seed = 1; seed <= seeds; ++seed) {
    auto runs = analysis::prepare(
        analysis::read_experiment(fmt::format("seed = {}\n{}", seed, setting.experiment), setting.name, {}));
    REQUIRE(analysis::simulate(runs[0], {.threads = 2}, {}));
    analysis::judge(runs);
    const analysis::Assessment& a = runs[0].assessment;
    const analysis::Verdict& v = *a.densities[0].verdict;
    if (!a.stationarity->known()) continue;
    ++shares.judged;
    // `lower` is at alpha / comparisons, and is told as 0 where it lies below
    shares.above += v.upper < 0;
    shares.below += v.lower > 0;
    shares.disagrees += a.decision == Decision::disagrees;
  }
  return shares;
}

void check(int seeds, int limit, bool print) {
  for (const Setting& setting : settings()) {
    const Shares s = at_seeds(setting, seeds);
    const std::string row =
        fmt::format("| {} | {} of {} | {} | {} | {} |", setting.name, s.judged, seeds, s.above, s.below, s.disagrees);
    if (print) WARN(row);
    INFO(row);
    CHECK(s.above <= limit);
    CHECK(s.below <= limit);
    CHECK(s.disagrees <= limit);
    CHECK(s.judged >= seeds / 2);
  }
}

}  // namespace

TEST_CASE("on real runs of the predicted law hardly any bound is wrong", "[calibration][slow][table]") {
  check(200, 20, true);  // 99.9 % binomial limit of 200 trials at 0.05: 10 + 3.1 * 3.1
}

TEST_CASE("on real runs of the predicted law hardly any bound is wrong (short)", "[calibration]") {
  check(20, 5, false);  // 99.9 % binomial limit of 20 trials at 0.05
}
