#pragma once

#include <string>

#include "analysis/study/study.hpp"
#include "apps/text/json.hpp"

namespace kramers::apps {

/// Before a run: the mean time that is predicted of each event, a line each.
std::string passage_prologue(const analysis::StudiedRun& studied);

/// After it: a line for each event and origin.
std::string passage_lines(const analysis::StudiedRun& studied, const std::string& label);

/// The same as a list.
Json passages_as_json(const analysis::StudiedRun& studied);

}  // namespace kramers::apps
