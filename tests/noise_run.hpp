#pragma once

#include <string>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/study.hpp"
#include "tests/ensemble_run.hpp"

/// A short way to sample an experiment as a user types it, without predictions.
namespace kramers::tests {

struct Typed {
  std::string landscape, dynamics, ensemble;  // lines of their tables
  std::string record = "density = []";
};

inline sde::RunStatistics sample(const Typed& typed) {
  const std::string text = "[landscape]\n" + typed.landscape + "\n[dynamics]\n" + typed.dynamics + "\n[ensemble]\n" +
                           typed.ensemble + "\n[record]\n" + typed.record + "\n[compare]\nprediction = \"none\"\n";
  std::vector<analysis::StudiedRun> runs = analysis::prepare(analysis::read_experiment(text, "typed"));
  analysis::simulate(runs[0], {}, {});
  return runs[0].statistics;
}

}  // namespace kramers::tests
