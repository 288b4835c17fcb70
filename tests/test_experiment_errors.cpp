#include <algorithm>
#include <string>
#include <vector>

#include "analysis/experiment/experiment_reader.hpp"
#include "analysis/experiment/nearest_name.hpp"
#include "tests/catch.hpp"

using namespace kramers::analysis;

namespace {

/// Nine lines that are right, to be spoilt one at a time.
const std::string good = R"([landscape]
name = "asymmetric-double-well"
[dynamics]
learning_rate = 0.004
batch_size = 32
noise = { sigma = 40.0 }
[ensemble]
steps = 1000
sample_every = 10
)";

std::vector<std::string> problems_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    read_experiment(text, "e.toml", overrides);
  } catch (const ExperimentError& error) {
    return error.problems;
  }
  return {};
}

struct Spoilt {
  std::string replace, by;             // in `good`; an empty `replace` appends
  std::vector<std::string> fragments;  // all in the one complaint
};

const std::vector<Spoilt> table = {
    // unknown keys and names
    {"batch_size",
     "batchsize",
     {"e.toml:5:1: error: key 'dynamics.batchsize' = 32 is unknown; did you mean 'batch_size'? allowed: batch_size, "
      "calculus, dataset_size, friction, kind"}},
    {"", "[ensembel]\n", {"e.toml:10:2: error: key 'ensembel' = ", "did you mean 'ensemble'?"}},
    {"steps = 1000",
     "steps = 1000\nbatch_size = 3",
     {"e.toml:9:1", "'ensemble.batch_size' = 3", "did you mean 'dynamics.batch_size'?"}},
    {"double-well",
     "duoble-well",
     {"e.toml:2:8", "\"asymmetric-duoble-well\" is unknown", "did you mean 'asymmetric-double-well'?", "quadratic"}},
    {"[dynamics]", "loss_lef = 1\n[dynamics]", {"e.toml:3:1", "'landscape.loss_lef' = 1", "'loss_left'"}},
    {"[dynamics]",
     "[dynamics]\nscheme = \"eulermaruyama\"",
     {"e.toml:4:10", "did you mean 'euler-maruyama'?", "leimkuhler-matthews"}},
    {"sigma = 40.0", "sigma = 40.0, seed = 1", {"e.toml:6:25", "'dynamics.noise.seed' = 1", "allowed: kind, sigma"}},
    {"", "[compare]\nprediction = \"gibbs\"\n", {"e.toml:11:14", "\"gibbs\"", "did you mean 'boltzmann-gibbs'?"}},
    {"[dynamics]", "[dynamics]\nscheme = \"baoab\"", {"e.toml:4:10", "beside kind = \"langevin\": euler-maruyama"}},
    {"[dynamics]",
     "[dynamics]\nkind = \"kinetic\"\nscheme = \"sra1\"",
     {"e.toml:5:10", "\"sra1\" is not possible; allowed: beside kind = \"kinetic\": baoab, aboba"}},
    {"[dynamics]",
     "[dynamics]\nkind = \"kinetic\"\nscheme = \"nesterov\"",
     {"e.toml:3:1", "'dynamics.momentum' is missing beside scheme = \"nesterov\"; allowed: a number >= 0 and < 1"}},
    {"[dynamics]",
     "[dynamics]\nkind = \"kinetic\"\nscheme = \"nesterov\"\nmomentum = 1.0",
     {"e.toml:6:12", "'dynamics.momentum' = 1 is not possible; allowed: a number >= 0 and < 1"}},
    {"[dynamics]",
     "[dynamics]\nkind = \"kinetic\"\nscheme = \"heavy-ball\"\nmomentum = 0.9\ntime_step = 0.1",
     {"e.toml:7:13", "'dynamics.time_step' = 0.1 is not possible",
      "takes learning_rate, batch_size, noise and momentum"}},
    {"learning_rate = 0.004\nbatch_size = 32\nnoise = { sigma = 40.0 }",
     "kind = \"kinetic\"\ntemperature = 0.1\ntime_step = 0.1",
     {"e.toml:3:1", "'dynamics.friction' is missing beside scheme = \"baoab\"; allowed: a number > 0"}},
    {"learning_rate = 0.004\nbatch_size = 32\nnoise = { sigma = 40.0 }",
     "kind = \"kinetic\"\nbatch_size = 3\ntemperature = 0.1\ntime_step = 0.1\nfriction = 1",
     {"e.toml:5:14", "'dynamics.batch_size' = 3 is not possible",
      "\"baoab\" takes temperature, time_step and friction"}},
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
     "[ensemble.start]\nkind = 'uniform'\nlow = [0.2]\nhigh = [0.4]\n[record]\nevents = [{ inside = [[0.0, 1.0]] }]\n",
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
    // wrong types
    {"= 32", "= \"32\"", {"e.toml:5:14", "'dynamics.batch_size' = \"32\" must be a number, not a string"}},
    {"= 1000", "= [1000]", {"e.toml:8:9", "'ensemble.steps' = [1000] must be a number, not a list"}},
    {"{ sigma = 40.0 }", "40.0", {"e.toml:6:9", "'dynamics.noise' = 40 must be a table, not a number"}},
    {"[dynamics]", "left = \"a\"\n[dynamics]", {"e.toml:3:8", "'landscape.left' = \"a\"", "number"}},
    {"[landscape]", "title = 3\n[landscape]", {"e.toml:1:9", "'title' = 3 must be a string, not an integer"}},
    // impossible values
    {"0.004", "-0.004", {"e.toml:4:17", "'dynamics.learning_rate' = -0.004", "a number > 0"}},
    {"0.004", "nan", {"e.toml:4:17", "'dynamics.learning_rate' = nan", "a number > 0"}},
    {"= 32", "= 0.5", {"e.toml:5:14", "'dynamics.batch_size' = 0.5", "a whole number from 1"}},
    {"= 1000", "= 0", {"e.toml:8:9", "'ensemble.steps' = 0", "a whole number from 1"}},
    {"= 10\n", "= 7\n", {"e.toml:9:16", "'ensemble.sample_every' = 7", "a divisor of the 1000 steps"}},
    {"= 10\n", "= 2000\n", {"e.toml:9:16", "'ensemble.sample_every' = 2000", "not more than the 1000 steps"}},
    {"",
     "trajectories = 1_099_511_627_777\n",
     {"e.toml:10:16", "'ensemble.trajectories' = 1099511627777", "1099511627776"}},
    {"", "burn_in = -1\n", {"e.toml:10:11", "'ensemble.burn_in' = -1", "a whole number from 0"}},
    {"", "precision = \"quad\"\n", {"e.toml:10:13", "\"quad\"", "double, single"}},
    {"[landscape]", "seed = -1\n[landscape]", {"e.toml:1:8", "'seed' = -1"}},
    {"[dynamics]", "curvature_left = -2\n[dynamics]", {"e.toml:3:18", "'landscape.curvature_left' = -2", "> 0"}},
    {"", "[compare]\ntolerance = 1.5\n", {"e.toml:11:13", "'compare.tolerance' = 1.5", "> 0 and < 1"}},
    {"steps = 1000", "time = 4.001", {"e.toml:8:8", "'ensemble.time' = 4.001", "a whole number of time steps"}},
    {"", "burn_in = 1\nburn_in_time = 1.0\n", {"e.toml:11:16", "either 'burn_in' or 'burn_in_time'"}},
    // dynamics given twice or not at all
    {"batch_size = 32",
     "batch_size = 32\ntemperature = 0.1",
     {"e.toml:6:15", "'dynamics.temperature' = 0.1 stands beside learning_rate, batch_size, noise"}},
    {"batch_size = 32\n", "", {"e.toml:3:1", "'dynamics.batch_size' is missing", "temperature and time_step"}},
    {"learning_rate = 0.004\nbatch_size = 32\nnoise = { sigma = 40.0 }",
     "temperature = 0.1",
     {"e.toml:3:1", "'dynamics.time_step' is missing"}},
    {"steps = 1000\nsample_every = 10\n", "", {"e.toml:7:1", "'ensemble.steps' (or 'ensemble.time') is missing"}},
    {"sigma = 40.0", "kind = \"isotropic\"", {"e.toml:6:9", "'dynamics.noise.sigma' is missing"}},
    // start
    {"",
     "start = { kind = \"points\", at = [[1.0, 2.0]] }\n",
     {"e.toml:10:34", "the point [1, 2]", "lists of 1 number"}},
    {"",
     "start = { kind = \"gaussian\", mean = [0.0], deviation = [-1.0] }\n",
     {"e.toml:10:56", "'ensemble.start.deviation' = [-1]", ">= 0"}},
    {"",
     "start = { kind = \"uniform\", low = [1.0], high = [0.0] }\n",
     {"e.toml:10:35", "'ensemble.start.low' = [1]", "not above"}},
    {"", "start = { kind = \"uniform\", low = [0.0, 1.0], high = [1.0] }\n", {"e.toml:10:35", "a list of 1 number"}},
    {"",
     "start = { kind = \"file\" }\n",
     {"e.toml:10:18", "\"file\" is not available in this version", "points, gaussian, uniform"}},
    {"", "start = { kind = \"points\", at = [[2e6]] }\n", {"e.toml:10:34", "guard radius"}},
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
    // sweeps
    {"",
     "[sweep]\n\"dynamics.batch_sise\" = [1]\n",
     {"e.toml:11:1", "'sweep.dynamics.batch_sise'", "did you mean 'dynamics.batch_size'?"}},
    {"", "[sweep]\n\"ensemble.steps\" = [1, 2]\n", {"e.toml:11:1", "cannot be swept", "shape of the results"}},
    {"", "[sweep]\n\"dynamics.batch_size\" = 8\n", {"e.toml:11:25", "a list of one or more numbers"}},
    {"", "[sweep]\n\"dynamics.batch_size\" = []\n", {"e.toml:11:25", "a list of one or more numbers"}},
    {"",
     "[sweep]\nzip = true\n\"dynamics.batch_size\" = [1, 2]\n\"dynamics.learning_rate\" = [0.1]\n",
     {"e.toml:13:28", "has 1 values where 'dynamics.batch_size' has 2"}},
    {"", "[sweep]\n\"dynamics.batch_size\" = [32, -1]\n", {"e.toml:11:30", "'dynamics.batch_size' = -1"}},
    {"name = \"asymmetric-double-well\"",
     "name = \"styblinski-tang\"\n[sweep]\n\"landscape.dim\" = [1, 2]",
     {"e.toml:3:1", "changes the dimension"}},
    // noise
    {"sigma = 40.0", "kind = \"brown\"", {"e.toml:6:18", "\"brown\" is unknown", "allowed: isotropic, diagonal"}},
    {"sigma = 40.0",
     "kind = \"diagonal\"",
     {"e.toml:6:9", "'dynamics.noise.variances' is missing", "a list of 1 numbers >= 0"}},
    {"sigma = 40.0",
     "kind = \"diagonal\", variances = [1, 2]",
     {"e.toml:6:42", "'dynamics.noise.variances' = [1, 2]", "a list of 1 numbers >= 0"}},
    {"sigma = 40.0",
     "kind = \"covariance\", matrix = [[-1.0]]",
     {"e.toml:6:41", "'dynamics.noise.matrix' = [[-1]]", "without negative eigenvalues"}},
    {"sigma = 40.0",
     "kind = \"low-rank\", factor = [[1.0], [2.0]]",
     {"e.toml:6:39", "'dynamics.noise.factor' = [[1], [2]]", "a matrix F of 1 rows, not zero"}},
    {"sigma = 40.0", "kind = \"two-basin\", width = 0", {"e.toml:6:39", "'dynamics.noise.width' = 0", "a number > 0"}},
    {"sigma = 40.0",
     "kind = \"formula\", variance = \"1 + y\"",
     {"e.toml:6:40", "'y' at character 5; allowed: x or x[0]: there is one coordinate"}},
    {"sigma = 40.0 }",
     "kind = \"stable\", alpha = 1.5, scale = 1.0 }",
     {"'record.density[0].range' is missing, and under stable noise there is no law to choose it by"}},
    {"[landscape]", "seed = -1\n[landscape]", {"'seed' = -1", "from 0 to 9223372036854775807"}},
    {"sigma = 40.0",
     "kind = \"pearson\", constant = -2",
     {"e.toml:6:9", "a variance > 0; its mean over the minima of the landscape is -2"}},
    {"sigma = 40.0",
     "kind = \"formula\", variance = \"x - 100\"",
     {"e.toml:6:9", "a variance > 0; its mean over the minima of the landscape is -100"}},
    {"sigma = 40.0",
     "kind = \"stable\", alpha = 2.5, scale = 1.0",
     {"e.toml:6:36", "'dynamics.noise.alpha' = 2.5", "a number > 0 and <= 2"}},
    {"sigma = 40.0 }",
     "kind = \"stable\", alpha = 1.5, scale = 1.0 }\nscheme = \"sra1\"",
     {"e.toml:7:10", "'dynamics.scheme' = \"sra1\"", "beside stable noise: euler-maruyama, tamed-euler"}},
    {"sigma = 40.0 }",
     "kind = \"two-basin\" }\nscheme = \"mala\"",
     {"e.toml:7:10", "'dynamics.scheme' = \"mala\"", "beside two-basin noise: euler-maruyama, milstein"}},
    {"sigma = 40.0 }",
     "kind = \"two-basin\" }\nscheme = \"leimkuhler-matthews\"",
     {"e.toml:7:10", "beside two-basin noise: euler-maruyama, milstein, stochastic-heun, sri1w1"}},
    {"sigma = 40.0 }",
     "kind = \"hessian\", scale = 1.0 }\ncalculus = \"stratonovich\"",
     {"e.toml:7:12", "under hessian noise, \"ito\", which is that of the scheme euler-maruyama"}},
    {"sigma = 40.0 }", "sigma = 40.0 }\ncalculus = \"Ito\"", {"e.toml:7:12", "'dynamics.calculus' = \"Ito\"", "ito"}},
    {"batch_size = 32\nnoise = { sigma = 40.0 }",
     "batch_size = 64\nnoise = { kind = \"rademacher\", sigma = 1.0 }",
     {"e.toml:5:14", "'dynamics.batch_size' = 64", "a whole number from 1 to 32 under rademacher noise"}},
    // as long as an error asks for
    {"steps = 1000",
     "steps = 1000\nuntil = { total_variation_error = 0.01 }",
     {"e.toml:9:9", "'ensemble.until' = { total_variation_error = 0.01 }", "allowed: either 'until' or 'steps'"}},
    {"steps = 1000",
     "time = 4.0\nuntil = { total_variation_error = 0.01 }",
     {"e.toml:9:9", "allowed: either 'until' or 'time'"}},
    {"steps = 1000", "until = 0.01", {"e.toml:8:9", "'ensemble.until' = 0.01 must be a table, not a number"}},
    {"steps = 1000", "until = {}", {"e.toml:8:9", "'ensemble.until.total_variation_error' is missing"}},
    {"steps = 1000",
     "until = { total_variation_erorr = 0.01 }",
     {"e.toml:8:11", "did you mean 'total_variation_error'? allowed: decided, most_steps, pilot_steps, total_"}},
    {"steps = 1000",
     "until = { total_variation_error = 1 }",
     {"e.toml:8:35", "'ensemble.until.total_variation_error' = 1", "a number > 0 and < 1"}},
    {"steps = 1000",
     "until = { total_variation_error = 0.01, most_steps = 9 }",
     {"'ensemble.until.most_steps' = 9 must be at least the 10 steps from sample to sample"}},
    {"steps = 1000",
     "until = { total_variation_error = 0.01, most_steps = 100, pilot_steps = 200 }",
     {"e.toml:8:73", "'ensemble.until.pilot_steps' = 200", "a whole number from 1 to 100"}},
    {"steps = 1000",
     "until = { total_variation_error = 0.01, decided = [] }",
     {"e.toml:8:51", "'ensemble.until.decided' = [] is not possible; allowed: a list of 1 table, one a run"}},
    {"steps = 1000",
     "until = { total_variation_error = 0.01, decided = [{ steps = 1001, pilot_trajectories = 512, pilot_steps = 100, "
     "pilot_error = 0.1 }] }",
     {"'ensemble.until.decided'", "steps that are multiples of the 10 from sample to sample"}},
    {"steps = 1000",
     "until = { total_variation_error = 0.01 }\ntrajectories = 7",
     {"e.toml:9:16", "'ensemble.trajectories' = 7 is not possible; allowed: 8 or more, beside 'until'"}},
    {"steps = 1000",
     "until = { total_variation_error = 0.01, decided = [{ steps = 1000, pilot_trajectories = 7, pilot_steps = 100, "
     "pilot_error = 0.1 }] }\ntrajectories = 7",
     {"e.toml:9:16", "'ensemble.trajectories' = 7", "8 or more, beside 'until'"}},
    {"steps = 1000\nsample_every = 10\n",
     "until = { total_variation_error = 0.01 }\n[record]\ndensity = []\n",
     {"e.toml:10:11",
      "'record.density' = [] is not possible; allowed: a list of one or more, beside 'ensemble.until'"}},
    {"steps = 1000\nsample_every = 10\n",
     "until = { total_variation_error = 0.01, decided = [{ steps = 1000, pilot_trajectories = 8, pilot_steps = 100, "
     "pilot_error = 0.1 }] }\n[record]\ndensity = []\n",
     {"e.toml:10:11", "'record.density' = []", "beside 'ensemble.until'"}},
    {"batch_size = 32\nnoise = { sigma = 40.0 }\n[ensemble]\nsteps = 1000",
     "batch_size = { kind = \"steps\", values = [8, 16], lengths = [500, 500], then = \"hold\" }\nnoise = { sigma = "
     "40.0 "
     "}\n[ensemble]\nuntil = { total_variation_error = 0.01 }",
     {"e.toml:8:9", "'steps', 'time' or 'epochs' under a schedule"}},
    {"steps = 1000\nsample_every = 10\n",
     "until = { total_variation_error = 0.01 }\n[sweep]\n\"dynamics.batch_size\" = [16, 32]\n[record]\ntime_series = "
     "{}\n",
     {"record.time_series needs runs of one; allowed: ensemble.steps, or no record.time_series"}},
    // what is not there yet
    {"[dynamics]",
     "[dynamics]\nkind = \"sgd\"",
     {"e.toml:4:8", "\"sgd\" is not available in this version", "allowed: langevin"}},
    {"[dynamics]",
     "[dynamics]\nmomentum = 0.9",
     {"e.toml:4:12", "'dynamics.momentum' = 0.9 is not possible; allowed: with the schemes heavy-ball, nesterov"}},
    {"", "[checkpoint]\nevery_seconds = 0\n", {"e.toml:11:17", "'checkpoint.every_seconds' = 0", "a number > 0"}},
    {"", "[checkpoint]\nkeep = 1\n", {"e.toml:11:8", "'checkpoint.keep' = 1"}},
    {"", "[checkpoint]\nevery = 1\n", {"e.toml:11:1", "'checkpoint.every' = 1", "did you mean 'every_seconds'"}},
    {"asymmetric-double-well", "rastrigin", {"e.toml:2:8", "\"rastrigin\" is not available in this version"}},
    // syntax
    {"40.0 }", "40.0", {"e.toml:", "error:"}},
    {"\"asymmetric-double-well\"", "\"asymmetric", {"e.toml:2:", "missing closing quote?"}},
    {"= 32", "= 1979-05-27", {"e.toml:5:14", "dates and times"}},
};

}  // namespace

TEST_CASE("an error names file, line, column, key, the value given, what is allowed and the nearest name") {
  for (const Spoilt& spoilt : table) {
    std::string text = good;
    const auto at = spoilt.replace.empty() ? text.size() : text.find(spoilt.replace);
    REQUIRE(at != std::string::npos);
    text.replace(at, spoilt.replace.size(), spoilt.by);
    CAPTURE(text);
    const auto problems = problems_of(text);
    std::string all;
    for (const auto& problem : problems) all += problem + "\n";
    CAPTURE(all);
    CHECK(problems.size() == 1);
    if (problems.empty()) continue;
    for (const std::string& fragment : spoilt.fragments) {
      CAPTURE(fragment);
      CHECK(problems[0].find(fragment) != std::string::npos);
    }
  }
}

TEST_CASE("all errors are told at once, in the order of lines") {
  const auto problems = problems_of(R"(titel = "x"
[landscape]
name = "asymmetric-double-well"
left = 3
curvature_left = -1
curvature_right = -1
[dynamics]
learning_rate = 0
batchsize = 32
noise = { sigma = -1 }
[ensemble]
stepps = 100
[compare]
alpha = 2
)");
  const std::vector<std::string> expected = {"e.toml:1:1: ", "e.toml:5:18: ",  "e.toml:6:19: ", "e.toml:8:17: ",
                                             "e.toml:9:1: ", "e.toml:10:19: ", "e.toml:12:1: ", "e.toml:14:9: "};
  for (const std::string& place : expected) {
    CAPTURE(place);
    CHECK(std::any_of(problems.begin(), problems.end(), [&](const auto& p) { return p.starts_with(place); }));
  }
  CHECK(problems.size() == expected.size() + 1);  // and the positions of the well
  std::vector<int> lines;
  for (const auto& problem : problems) lines.push_back(std::stoi(problem.substr(7)));
  CHECK(std::is_sorted(lines.begin(), lines.end()));
}

TEST_CASE("a wrong --set is told of by its own text") {
  const auto unknown = problems_of(good, {"dynamics.batchsize=16"});
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].starts_with(
      "--set 'dynamics.batchsize=16': error: key 'dynamics.batchsize' = 16 is unknown; did you mean 'batch_size'?"));
  CHECK(problems_of(good, {"dynamics.batch_size=-1"}).at(0).starts_with("--set 'dynamics.batch_size=-1': error: "));
  CHECK(problems_of(good, {"dynamics.batch_size"}).at(0).find("must be key=value") != std::string::npos);
  CHECK(problems_of(good, {"seed.x=1"}).at(0).find("'seed' = { x = 1 } must be a number, not a table") !=
        std::string::npos);
  CHECK(problems_of(good, {"dynamics.batch_size=many"}).at(0).find("must be a number, not a string") !=
        std::string::npos);
}

TEST_CASE("what no file, picture or terminal can carry is refused wherever it stands") {
  const auto refused = [](const std::string& text, const std::string& part) {
    const auto problems = problems_of(text);
    INFO(part);
    REQUIRE(problems.size() == 1);
    CAPTURE(problems[0]);
    CHECK(problems[0].find(part) != std::string::npos);
    CHECK(std::all_of(problems[0].begin(), problems[0].end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; }));
  };
  std::string wide = "\xff\xfe";
  for (const char c : good) (wide += c) += '\0';
  refused(wide, "it is UTF-16 or UTF-32; save it as UTF-8");
  refused(wide.substr(2), "it is UTF-16 or UTF-32; save it as UTF-8");
  refused(good + "# \xe9t\xe9\n", "the byte 0xe9, which is no UTF-8; allowed: UTF-8 without control characters");
  refused(good + "# \xed\xa0\x80\n", "the byte 0xed, which is no UTF-8");      // a surrogate
  refused(good + "# \xc0\x80\n", "the byte 0xc0, which is no UTF-8");          // NUL in two bytes
  refused(good + "# \xf4\x90\x80\x80\n", "the byte 0xf4, which is no UTF-8");  // beyond the last character
  refused(good + std::string("# \0\n", 4), "the control character U+0000");
  refused(good + "# \x1b[2J\n", "the control character U+001B");
  refused(good + "# \xc2\x9b\n", "the control character U+009B");
  refused(good + "# \xef\xbf\xbf\n", "U+FFFF, which is no character");
  refused(good + "\r# old\n", "the control character U+000D");
  for (const char* title : {"a \\u0000 b", "\\u001b[31m", "two\\nlines", "\\u007f", "\\U0000009b", "\\ufffe"})
    refused("title = \"" + std::string(title) + "\"\n" + good, "the text of 'title' holds ");
  refused(good + "[\"\\u0007\"]\n", "the key '\\x07' holds the control character U+0007");
  for (const char* fine : {"# \xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\x93\r\n", "#\ttab\n"})
    CHECK(problems_of(good + fine).empty());
  for (const std::string set : {"title=\xff", "title=a\nb", "title=\x1b", "ti\x07tle=1"}) {
    const auto problems = problems_of(good, {set});
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("allowed: UTF-8 on one line") != std::string::npos);
  }
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

TEST_CASE("a file that is not there is an error that names it") {
  CHECK_THROWS_AS(read_experiment_file("no-such-file.toml"), ExperimentError);
  try {
    read_experiment_file("no-such-file.toml");
  } catch (const ExperimentError& error) {
    CHECK(std::string(error.what()).find("no-such-file.toml") != std::string::npos);
  }
}

TEST_CASE("a sweep has at most 65536 runs") {
  std::string list = "[1";
  for (int i = 2; i <= 300; ++i) list += ", " + std::to_string(i);
  list += "]";
  const auto problems = problems_of(good + "[sweep]\n\"dynamics.batch_size\" = " + list +
                                    "\n\"dynamics.learning_rate\" = " + list + "\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("more than 65536 runs") != std::string::npos);
}

TEST_CASE("the nearest name forgives a third of the letters, not more") {
  const std::vector<std::string> known = {"batch_size", "learning_rate", "asymmetric-double-well", "run"};
  CHECK(nearest_name("batchsize", known) == "batch_size");
  CHECK(nearest_name("bacth_size", known) == "batch_size");
  CHECK(nearest_name("double-well", known) == "asymmetric-double-well");
  CHECK(nearest_name("rnu", known) == "run");
  CHECK(nearest_name("elephant", known).empty());
  CHECK(nearest_name("", known).empty());
}
