#pragma once

#include "analysis/experiment/experiment.hpp"
#include "analysis/experiment/section.hpp"

namespace kramers::analysis {

/// Reads [dynamics]; what is wrong goes to the section's problems.
void read_dynamics(Section section, Experiment& experiment);

}  // namespace kramers::analysis
