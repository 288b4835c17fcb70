#pragma once

#include "analysis/document/section.hpp"
#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {

/// Reads [dynamics], [landscape] being read; what is wrong goes to the section's problems.
void read_dynamics(Section section, Draft& draft);
void write_dynamics(ResolvedWriter& w);

}  // namespace kramers::analysis
