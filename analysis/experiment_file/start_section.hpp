#pragma once

#include <string>

#include "analysis/experiment_file/experiment_sections.hpp"

namespace kramers::analysis {

/// `ensemble.start`, by default the minima of the landscape; where the guard radius and the precision have been read.
void read_start(Section& ensemble, Draft& draft);

/// As TOML.
std::string start_text(const Start& start);

}  // namespace kramers::analysis
