#pragma once

#include "analysis/document/section.hpp"
#include "analysis/experiment_file/experiment_sections.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::analysis {

/// Reads the noise and the calculus of [dynamics]; `scheme` is null where it is not known. What is wrong goes to the
/// section's problems.
void read_noise(Section& dynamics, const sde::SchemeFacts* scheme, Draft& draft);

/// The noise as TOML, without what is swept.
std::string noise_text(const Experiment& experiment, const ResolvedWriter& w);

}  // namespace kramers::analysis
