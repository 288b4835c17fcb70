#pragma once

#include <string>

#include "analysis/study/study.hpp"
#include "apps/text/json.hpp"

namespace kramers::apps {

/// Before a run: at which steps else it is simulated.
std::string step_bias_prologue(const analysis::StudiedRun& studied);

/// After it: noise, bias of the step and error of the model of every quantity and density; "" where nobody asked.
std::string step_bias_lines(const analysis::StudiedRun& studied, const std::string& label);

/// The same as an object.
Json step_bias_json(const analysis::StudiedRun& studied);

}  // namespace kramers::apps
