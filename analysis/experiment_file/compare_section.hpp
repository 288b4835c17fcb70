#pragma once

#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {

/// Reads [compare], where the dynamics and the ensemble have been read.
void read_compare(Section section, Draft& draft);
void write_compare(ResolvedWriter& w);

}  // namespace kramers::analysis
