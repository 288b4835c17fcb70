#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/verdict/assessment.hpp"
#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// A run at a multiple of the time step, on the noise of another: see companions.hpp.
struct Companion {
  int of, multiple;
};

/// One run of an experiment on its way: what was asked for, what is known beforehand, what was sampled, what it means.
struct StudiedRun {
  Run run;
  int index;  // in the sweep; companions follow
  std::optional<Companion> companion = {};
  std::shared_ptr<const landscapes::Landscape> landscape;
  std::shared_ptr<const landscapes::GradientNoise> noise;
  Theory theory;
  sde::RunStatistics statistics;  // after simulate()
  Assessment assessment;          // after judge()

  /// Its time step, and the normals that a step takes, in units of the experiment's.
  int multiple() const { return companion ? companion->multiple : 1; }
};

/// Landscapes and theory of all runs; nothing moves yet. Throws std::invalid_argument for what cannot be run.
/// before_each(run, runs) is called before each, which may take long.
std::vector<StudiedRun> prepare(const ExperimentFile& file, const std::function<void(int, int)>& before_each = {});

/// All that they are judged by together.
int comparisons_of(const std::vector<StudiedRun>& runs);

/// Fills `assessment` of every run and returns the worst decision.
Decision judge(std::vector<StudiedRun>& runs);

}  // namespace kramers::analysis
