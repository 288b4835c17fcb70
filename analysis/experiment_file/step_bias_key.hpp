#pragma once

#include "analysis/experiment_file/experiment_sections.hpp"

namespace kramers::analysis {

/// `compare.step_bias`: true, which is [2], or [2, 4]. Where the dynamics and the ensemble have been read.
void read_step_bias(Section& compare, Draft& draft);

/// As TOML; "" without it.
std::string step_bias_text(const Experiment& experiment);

}  // namespace kramers::analysis
