#pragma once

#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/experiment_file/sweep.hpp"

namespace kramers::analysis {

/// The experiment as TOML with every default filled in, except where a default differs from run to run of a sweep
/// (said in a comment). Reads back to the same runs. `document` is what was given, overrides applied.
std::string resolved_text(const Node& document, const std::vector<Run>& runs, const Sweep& sweep);

/// What differs between two resolved texts, key by key: "ensemble.steps = 1000 there and 2000 here".
std::vector<std::string> differences(const std::string& there, const std::string& here);

}  // namespace kramers::analysis
