#include "analysis/study/study.hpp"

#include "analysis/experiment/reference_noise.hpp"
#include "analysis/study/basins.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers::analysis {

std::vector<StudiedRun> prepare(const ExperimentFile& file, const std::function<void(int, int)>& before_each) {
  std::vector<StudiedRun> runs;
  for (const Run& run : file.runs) {
    if (before_each) before_each(int(runs.size()), int(file.runs.size()));
    StudiedRun studied{.run = run, .index = int(runs.size())};
    studied.landscape = with_basins(
        run.experiment, landscapes::find(run.experiment.landscape.name).make(run.experiment.landscape.parameters));
    studied.noise = make_noise(run.experiment, studied.landscape);
    studied.theory = theory_of(run.experiment, *studied.landscape, studied.noise->structure());
    runs.push_back(std::move(studied));
  }
  return runs;
}

int comparisons_of(const std::vector<StudiedRun>& runs) {
  int all = 0;
  for (const StudiedRun& studied : runs)
    all += comparisons_of(studied.run.experiment, studied.theory, *studied.landscape);
  return all;
}

Decision judge(std::vector<StudiedRun>& runs) {
  const int comparisons = comparisons_of(runs);
  std::vector<Decision> decisions;
  for (StudiedRun& studied : runs) {
    studied.assessment =
        assess(studied.run.experiment, *studied.landscape, studied.theory, studied.statistics, comparisons);
    decisions.push_back(studied.assessment.decision);
  }
  return worst(decisions);
}

}  // namespace kramers::analysis
