#include "analysis/study/companions.hpp"

#include <algorithm>

#include "analysis/experiment/rates.hpp"
#include "analysis/verdict/step_bias.hpp"

namespace kramers::analysis {
namespace {

/// What is recorded of it is what the step may bias: densities, basins, moments.
Experiment at_multiple(Experiment e, int multiple) {
  e.dynamics.time_step = multiple * time_step(e);
  e.ensemble.burn_in /= multiple;
  e.ensemble.steps /= multiple;
  e.ensemble.sample_every /= multiple;
  record_densities_alone(e);
  return e;
}

StudiedRun companion(const StudiedRun& studied, int multiple, int index) {
  StudiedRun other = studied;
  other.run.experiment = at_multiple(studied.run.experiment, multiple);
  other.index = index;
  other.companion = Companion{studied.index, multiple};
  return other;
}

}  // namespace

std::size_t simulated_runs(const ExperimentFile& file) {
  return file.runs.size() * (1 + file.runs.front().experiment.compare.step_multiples.size());
}

std::vector<StudiedRun> with_companions(std::vector<StudiedRun> runs) {
  const std::size_t count = runs.size();
  for (int multiple : runs.front().run.experiment.compare.step_multiples)
    for (std::size_t i = 0; i < count; ++i) runs.push_back(companion(runs[i], multiple, int(runs.size())));
  return runs;
}

void take_in_companions(std::vector<StudiedRun>& runs) {
  const auto first = std::ranges::find_if(runs, [](const StudiedRun& run) { return run.companion.has_value(); });
  for (auto studied = runs.begin(); studied != first; ++studied) {
    std::vector<CoarseRun> coarse;
    for (auto other = first; other != runs.end(); ++other)
      if (other->companion->of == studied->index)
        coarse.push_back({other->companion->multiple, std::move(other->statistics)});
    for (sde::Tally& tally : step_bias_tallies(coarse)) studied->statistics.tallies.push_back(std::move(tally));
  }
  runs.erase(first, runs.end());
}

}  // namespace kramers::analysis
