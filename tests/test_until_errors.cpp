#include "tests/spoilt_experiment.hpp"

using namespace kramers;
using namespace kramers::tests;

TEST_CASE("a mistake in the error that a run is to reach is named where it stands") {
  check_complaints({
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
       "until = { total_variation_error = 0.01, decided = [{ steps = 1001, pilot_trajectories = 512, pilot_steps = "
       "100, "
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
  });
}
