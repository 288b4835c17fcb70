#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/study/pilots.hpp"
#include "apps/process/progress.hpp"

namespace kramers::apps {

/// The length of each run: by a pilot, or as theory expects it. Throws std::invalid_argument for every run whose length
/// cannot be found; by pilots, also where most_steps is not enough.
std::vector<analysis::DecidedLength> lengths_by_pilots(const std::vector<analysis::StudiedRun>& runs, int threads,
                                                       Progress& progress);
/// nullopt: theory does not know the error of one of them.
std::optional<std::vector<analysis::DecidedLength>> expected_lengths(const std::vector<analysis::StudiedRun>& runs);

/// A line each, before a run: what its pilot found.
std::string length_line(const analysis::StudiedRun& studied);
/// What theory expects.
std::string expected_length_line(const analysis::StudiedRun& studied);

}  // namespace kramers::apps
