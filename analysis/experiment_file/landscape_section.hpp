#pragma once

#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {

/// Reads [landscape]; draft.landscape stays null where something is wrong with it.
void read_landscape(Section section, Draft& draft);
void write_landscape(ResolvedWriter& w);

}  // namespace kramers::analysis
