#pragma once

#include "analysis/results/results_file.hpp"
#include "analysis/study/study.hpp"

namespace kramers::analysis {

/// What a results file says of a run that follows from its experiment: its minima, start points, and when states were
/// kept.
RunResults::Landmarks landmarks_of(const StudiedRun& studied);

/// The sources of landscape, scheme and noise, a line each.
std::string references_of(const StudiedRun& studied);

}  // namespace kramers::analysis
