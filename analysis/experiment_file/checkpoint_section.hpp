#pragma once

#include "analysis/experiment_file/experiment_sections.hpp"

namespace kramers::analysis {

/// Reads [checkpoint], which says nothing of what an experiment is: it is not written back.
void read_checkpoint(Section section, Experiment& experiment);

}  // namespace kramers::analysis
