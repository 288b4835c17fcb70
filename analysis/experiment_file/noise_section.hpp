#pragma once

#include "analysis/document/section.hpp"
#include "analysis/experiment_file/experiment_sections.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::analysis {

/// Reads the noise and the calculus of [dynamics]; `scheme` is null where it is not known. What is wrong goes to the
/// section's problems.
void read_noise(Section& dynamics, const sde::SchemeFacts* scheme, Draft& draft);

}  // namespace kramers::analysis
