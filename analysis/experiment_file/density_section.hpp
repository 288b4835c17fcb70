#pragma once

#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_sections.hpp"

namespace kramers::analysis {

/// `record.density`, by default that of the first coordinate. Ranges that are not given stay empty.
void read_densities(Section& record, Draft& draft);

/// The list as TOML.
std::string density_text(const std::vector<sde::DensityGrid>& densities);

}  // namespace kramers::analysis
