#pragma once

#include <string>

#include "analysis/study/study.hpp"
#include "apps/text/json.hpp"

namespace kramers::apps {

/// A row a phase of a run's schedule, with what was set and what was sampled; empty without a schedule.
std::string phase_table(const analysis::StudiedRun& studied);

/// [{"phase", "steps", "learning_rate", ..., "loss_mean", "basins"}, ...]
Json phases_json(const analysis::StudiedRun& studied);

}  // namespace kramers::apps
