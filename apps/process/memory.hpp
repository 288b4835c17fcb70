#pragma once

#include <vector>

#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"

namespace kramers::apps {

/// Of this machine [bytes].
double memory_here();
/// Of this process [bytes].
double memory_of_this_process();
/// Throws std::invalid_argument where these runs need more than this machine has.
void check_memory(const std::vector<analysis::StudiedRun>& runs, const analysis::Engine& engine);

}  // namespace kramers::apps
