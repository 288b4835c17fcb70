#include "analysis/document/nearest_name.hpp"
#include "tests/spoilt_experiment.hpp"

using namespace kramers;
using namespace kramers::tests;

TEST_CASE("an error names file, line, column, key, the value given, what is allowed and the nearest name") {
  check_complaints({
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
      {"", "a.b.c.d.e.f.g.h.i.j.k.l.m = 1\n", {"e.toml: error: a key has more than 12 parts"}},
      {"", "precision = \"quad\"\n", {"e.toml:10:13", "\"quad\"", "double, single"}},
      {"[dynamics]", "curvature_left = -2\n[dynamics]", {"e.toml:3:18", "'landscape.curvature_left' = -2", "> 0"}},
      {"", "[compare]\ntolerance = 1.5\n", {"e.toml:11:13", "'compare.tolerance' = 1.5", "> 0 and < 1"}},
      {"steps = 1000", "time = 4.001", {"e.toml:8:8", "'ensemble.time' = 4.001", "a whole number of time steps"}},
      {"", "burn_in = 1\nburn_in_time = 1.0\n", {"e.toml:11:16", "either 'burn_in' or 'burn_in_time'"}},
      {"[landscape]", "seed = -1\n[landscape]", {"e.toml:1:8", "'seed' = -1", "from 0 to 9223372036854775807"}},
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
      {"", "start = { kind = \"file\" }\n", {"e.toml:10:18", "\"file\" is unknown", "points, gaussian, uniform"}},
      {"", "start = { kind = \"points\", at = [[2e6]] }\n", {"e.toml:10:34", "guard radius"}},
      // sweeps
      {"",
       "[sweep]\n\"dynamics.batch_sise\" = [1]\n",
       {"e.toml:11:1", "'sweep.dynamics.batch_sise'", "did you mean 'dynamics.batch_size'?"}},
      {"", "[sweep]\n\"ensemble.steps\" = [1, 2]\n", {"e.toml:11:1", "cannot be swept", "shape of the results"}},
      {"", "[sweep]\n\"dynamics.batch_size\" = 8\n", {"e.toml:11:25", "a list of one or more numbers"}},
      {"", "[sweep]\n\"dynamics.batch_size\" = []\n", {"e.toml:11:25", "a list of one or more numbers"}},
      {"", "[sweep]\n\"dynamics.batch_size\" = {}\n", {"e.toml:11:25", "a list of one or more numbers"}},
      {"",
       "[sweep]\nzip = true\n\"dynamics.batch_size\" = [1, 2]\n\"dynamics.learning_rate\" = [0.1]\n",
       {"e.toml:13:28", "has 1 values where 'dynamics.batch_size' has 2"}},
      {"", "[sweep]\n\"dynamics.batch_size\" = [32, -1]\n", {"e.toml:11:30", "'dynamics.batch_size' = -1"}},
      {"name = \"asymmetric-double-well\"",
       "name = \"styblinski-tang\"\n[sweep]\n\"landscape.dim\" = [1, 2]",
       {"e.toml:3:1", "changes the dimension"}},
      // what is not there
      {"[dynamics]", "[dynamics]\nkind = \"sgd\"", {"e.toml:4:8", "\"sgd\" is unknown", "allowed: langevin"}},
      {"[dynamics]",
       "[dynamics]\nmomentum = 0.9",
       {"e.toml:4:12", "'dynamics.momentum' = 0.9 is not possible; allowed: with the schemes heavy-ball, nesterov"}},
      {"", "[checkpoint]\nevery_seconds = 0\n", {"e.toml:11:17", "'checkpoint.every_seconds' = 0", "a number > 0"}},
      {"", "[checkpoint]\nkeep = 1\n", {"e.toml:11:8", "'checkpoint.keep' = 1"}},
      {"", "[checkpoint]\nevery = 1\n", {"e.toml:11:1", "'checkpoint.every' = 1", "did you mean 'every_seconds'"}},
      {"asymmetric-double-well", "rastrigin", {"e.toml:2:8", "\"rastrigin\" is unknown"}},
      // syntax
      {"40.0 }", "40.0", {"e.toml:", "error:"}},
      {"\"asymmetric-double-well\"", "\"asymmetric", {"e.toml:2:", "missing closing quote?"}},
      {"= 32", "= 1979-05-27", {"e.toml:5:14", "dates and times"}},
  });
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

TEST_CASE("a file that is not there is an error that names it") {
  CHECK_THROWS_AS(analysis::read_experiment_file("no-such-file.toml"), analysis::ExperimentError);
  try {
    analysis::read_experiment_file("no-such-file.toml");
  } catch (const analysis::ExperimentError& error) {
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
  CHECK(analysis::nearest_name("batchsize", known) == "batch_size");
  CHECK(analysis::nearest_name("bacth_size", known) == "batch_size");
  CHECK(analysis::nearest_name("double-well", known) == "asymmetric-double-well");
  CHECK(analysis::nearest_name("rnu", known) == "run");
  CHECK(analysis::nearest_name("elephant", known).empty());
  CHECK(analysis::nearest_name("", known).empty());
}
