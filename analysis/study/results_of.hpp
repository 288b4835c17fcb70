#pragma once

#include <string>
#include <vector>

#include "analysis/results/results_file.hpp"
#include "analysis/study/study.hpp"

namespace kramers::analysis {

/// What goes into the results file.
Results collect(const ExperimentFile& file, const std::vector<StudiedRun>& runs);

/// The way back: prepared runs with the statistics of a results file, ready to be judged, with other settings of
/// [compare] perhaps.
struct Reread {
  ExperimentFile file;
  std::vector<StudiedRun> runs;
};
Reread reread(const Results& results, const std::vector<std::string>& overrides = {});

}  // namespace kramers::analysis
