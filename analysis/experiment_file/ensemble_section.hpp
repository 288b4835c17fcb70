#pragma once

#include "analysis/document/section.hpp"
#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {

/// Reads [ensemble], [landscape] and [dynamics] being read; what is wrong goes to the section's problems.
void read_ensemble(Section section, Draft& draft);
void write_ensemble(ResolvedWriter& w);

}  // namespace kramers::analysis
