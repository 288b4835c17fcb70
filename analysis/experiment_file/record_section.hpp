#pragma once

#include "analysis/document/section.hpp"
#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {

/// Reads [record], [ensemble] being read; what is wrong goes to the section's problems.
void read_record(Section section, Draft& draft);
void write_record(ResolvedWriter& w);

}  // namespace kramers::analysis
