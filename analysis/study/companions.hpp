#pragma once

#include <vector>

#include "analysis/study/study.hpp"

/// Where [compare] asks for the bias of the time step, every run has companions: the same equation at multiples of the
/// step h, along the same Brownian paths, from the same start points, for the same time and with samples at the same
/// times. While they are simulated they are runs like any other, after those of the experiment: threads, ranks, shards
/// and checkpoints know no difference. Then their sums become tallies of the run that they accompany.
namespace kramers::analysis {

/// Runs that are simulated, companions included.
std::size_t simulated_runs(const ExperimentFile& file);

/// Prepared runs, and then their companions: all at 2 h, all at 4 h.
std::vector<StudiedRun> with_companions(std::vector<StudiedRun> runs);

/// After the simulation: takes the companions off the list and their sums into the statistics of the others.
void take_in_companions(std::vector<StudiedRun>& runs);

}  // namespace kramers::analysis
