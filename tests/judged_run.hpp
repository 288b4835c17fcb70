#pragma once

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/processors.hpp"

namespace kramers::tests {

/// The first run of an experiment as a user types it, simulated and judged.
inline analysis::StudiedRun judged_run(const std::string& text) {
  std::vector<analysis::StudiedRun> runs =
      analysis::with_companions(analysis::prepare(analysis::read_experiment(text, "typed")));
  for (analysis::StudiedRun& run : runs) analysis::simulate(run, {}, {});
  analysis::take_in_companions(runs);
  analysis::judge(runs);
  return std::move(runs.at(0));
}

}  // namespace kramers::tests
