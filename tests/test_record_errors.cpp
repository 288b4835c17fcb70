#include "tests/spoilt_experiment.hpp"

using namespace kramers;
using namespace kramers::tests;

TEST_CASE("a mistake in what is recorded is named where it stands") {
  check_complaints({
      // events
      {"",
       "[record]\nevents = [{}]\n",
       {"e.toml:11:11",
        "'record.events[0]' says nothing to wait for; allowed: one of above, below, inside, outside, basin"}},
      {"", "[record]\nevents = 3\n", {"e.toml:11:10", "'record.events' = 3", "a list of at most 16 tables"}},
      {"",
       "[record]\nevents = [{ above = 0.0, below = 1.0 }]\n",
       {"e.toml:11:34", "'record.events[0].below' = 1", "'above'"}},
      {"",
       "[record]\nevents = [{ above = 0.0, axis = 1 }]\n",
       {"e.toml:11:33", "'record.events[0].axis' = 1 is not possible; allowed: a whole number from 0 to 0"}},
      {"",
       "[record]\nevents = [{ above = -2e6 }]\n",
       {"e.toml:11:21", "'record.events[0].above' = -2000000", "a number within the guard radius 1000000"}},
      {"",
       "[record]\nevents = [{ above = -1.5 }]\n",
       {"e.toml:11:11", "event 'theta_0 >= -1.5' can never happen: every start point is beyond it already"}},
      {"",
       "[ensemble.start]\nkind = 'uniform'\nlow = [0.2]\nhigh = [0.4]\n[record]\nevents = [{ inside = [[0.0, 1.0]] "
       "}]\n",
       {"event 'theta_0 in [0, 1]' can never happen"}},
      {"",
       "[record]\nevents = [{ outside = [[1.0, -1.0]] }]\n",
       {"e.toml:11:23", "'record.events[0].outside' = [[1, -1]]", "[low, high] with low < high"}},
      {"", "[record]\nevents = [{ inside = [[0.0, 0.5]], axes = [1] }]\n", {"e.toml:11:43", "axes from 0 to 0"}},
      {"",
       "[record]\nevents = [{ above = 0.0, axes = [0] }]\n",
       {"'record.events[0].axes' = [0] is unknown; did you mean 'axis'?"}},
      {"", "[record]\nevents = [{ basin = 'enters' }]\n", {"e.toml:11:21", "\"enters\" is unknown", "allowed: leaves"}},
      {"",
       "[record]\nevents = [{ basin = 'leaves', bridge = true }]\n",
       {"'record.events[0].bridge' = true is not possible; allowed: false: a bridge is known for 'above'"}},
      {"[dynamics]",
       "[record]\nevents = [{ above = 0.0, bridge = true }]\n[dynamics]\nscheme = 'leimkuhler-matthews'",
       {"e.toml:4:35", "'leimkuhler-matthews' does not take Brownian steps from position to position"}},
      {"", "[record]\nevents = [{ above = 0.0, bins = 0 }]\n", {"'record.events[0].bins' = 0", "from 1 to 10000"}},
      {"", "[record]\nevents = [{ above = 0.0, range = -3 }]\n", {"'record.events[0].range' = -3", "a number > 0"}},
      {"sigma = 40.0 }",
       "kind = \"diagonal\", variances = [1600.0] }\n[record]\nevents = [{ above = 0.0, bridge = true }]",
       {"'record.events[0].bridge' = true", "a bridge needs isotropic noise, not 'diagonal'"}},
      // density
      {"", "[record]\ndensity = [{ axes = [1] }]\n", {"e.toml:11:21", "'record.density[0].axes' = [1]", "from 0 to 0"}},
      {"", "[record]\ndensity = [{ axes = [0, 0] }]\n", {"e.toml:11:21", "one or two different axes"}},
      {"", "[record]\ndensity = [{ bins = 0 }]\n", {"e.toml:11:21", "'record.density[0].bins' = 0"}},
      {"", "[record]\ndensity = [{ bins = 200, range = [[3.0, -3.0]] }]\n", {"e.toml:11:34", "low < high"}},
      {"", "[record]\ndensity = [{ bins = 1000000 }]\n", {"e.toml:11:21", "at most 100000"}},
      {"",
       "[record]\ndensity = [{ axis = [0] }]\n",
       {"e.toml:11:14", "'record.density[0].axis'", "did you mean 'axes'?"}},
      {"",
       "[record]\npaths = { count = 4, every = 15 }\n",
       {"e.toml:11:30", "'record.paths.every' = 15", "a multiple of the 10 steps"}},
      // what else is recorded
      {"",
       "[record]\nautocorrelation = { quantities = [\"theta_1\"] }\n",
       {"e.toml:11:35", "'record.autocorrelation.quantities' has \"theta_1\", which is unknown",
        "theta_0, loss, basin_0"}},
      {"",
       "[record]\nautocorrelation = { quantities = [\"loss\", \"basin\", \"basin_1\"] }\n",
       {"e.toml:11:52", "basin_1 twice"}},
      {"", "[record]\nautocorrelation = { quantities = [] }\n", {"e.toml:11:34", "a list of some of theta, theta_0"}},
      {"",
       "[record]\nautocorrelation = { trajectories = 8193 }\n",
       {"e.toml:11:36", "'record.autocorrelation.trajectories' = 8193", "from 1 to 8192"}},
      {"", "[record]\nautocorrelation = { longest_lag = 25 }\n", {"e.toml:11:35", "a multiple of the 10 steps"}},
      {"", "[record]\nautocorrelation = { longest_lag = 1000 }\n", {"e.toml:11:35", "below the 1000 steps"}},
      {"", "[record]\nautocorrelation = { lag = 10 }\n", {"e.toml:11:21", "'record.autocorrelation.lag' = 10"}},
      {"", "[record]\nautocorrelation = true\n", {"e.toml:11:19", "'record.autocorrelation' = true must be a table"}},
      {"",
       "[record]\ntime_series = { bins = 101 }\n",
       {"e.toml:11:24", "'record.time_series.bins' = 101", "from 1 to 100"}},
      {"steps = 1000\nsample_every = 10\n",
       "steps = 30\nsample_every = 10\n[record]\nsplit_r_hat = {}\n",
       {"e.toml:11:15", "'record.split_r_hat'", "at least 2 samples; here a trajectory has 3"}},
      {"", "[record]\narea_rate = [[0, 1]]\n", {"e.toml:11:13", "a landscape of two dimensions or more"}},
      {"", "[record]\nquantiles = [0.5, 0.5]\n", {"e.toml:11:13", "'record.quantiles' = [0.5, 0.5]", "rising numbers"}},
      {"", "[record]\nquantiles = [0.0, 0.5]\n", {"e.toml:11:13", "> 0 and < 1"}},
      {"", "[record]\nquantiles = [0.5]\ndensity = []\n", {"e.toml:11:13", "beside a density along one axis"}},
      {"steps = 1000\nsample_every = 10\n",
       "time = 4.0\n[record]\ntime_series = {}\n[sweep]\n\"dynamics.learning_rate\" = [0.004, 0.008]\n",
       {"e.toml:11:1", "sweeping dynamics.learning_rate changes the steps that record.time_series is of"}},
  });
}

TEST_CASE("a range has room for its bins") {
  for (const std::string range : {"[1.0, 1.0000000000000004]", "[-1e308, 1e308]", "[1e300, 1.0000000000001e300]"}) {
    const auto problems = problems_of(good + "[record]\ndensity = [{axes=[0], bins=1000, range=[" + range + "]}]\n");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("'record.density[0].range' = [[") != std::string::npos);
    const bool is_narrow = range.starts_with("[1.0,");
    CHECK(problems[0].find(is_narrow ? "tells the edges of 1000 bins apart" : "low < high for each axis") !=
          std::string::npos);
  }
  CHECK(problems_of(good + "[record]\ndensity = [{axes=[0], bins=4, range=[[1.0, 1.00000000000001]]}]\n").empty());
  const std::string bowl = "[landscape]\nname = 'quadratic'\ncenter = [1e5]\n[dynamics]\ntime_step = 0.01\n";
  const auto of_bowl = [&](const std::string& temperature, const std::string& ensemble) {
    return problems_of(bowl + "temperature = " + temperature + "\n[ensemble]\nsteps = 100\n" + ensemble);
  };
  CHECK(of_bowl("1e-3", "").empty());
  for (const auto& problems : {of_bowl("1e-22", ""), of_bowl("1e-3", "precision = 'single'\n")}) {
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("allowed: bins whose edges it tells apart") != std::string::npos);
  }
}
