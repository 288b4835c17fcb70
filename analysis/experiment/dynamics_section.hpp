#pragma once

#include "analysis/experiment/experiment_sections.hpp"
#include "analysis/experiment/section.hpp"

namespace kramers::analysis {

/// Reads [dynamics], [landscape] being read; what is wrong goes to the section's problems.
void read_dynamics(Section section, Draft& draft);

}  // namespace kramers::analysis
