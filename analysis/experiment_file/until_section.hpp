#pragma once

#include <string>

#include "analysis/experiment_file/experiment_sections.hpp"

namespace kramers::analysis {

/// `ensemble.until` in place of steps, where it stands: fills in `until` and, of this run of the sweep, `steps`: as
/// decided or, before that, most_steps.
void read_until(Section& ensemble, Draft& draft);

/// It as TOML, or "".
std::string until_text(const Experiment& experiment);

/// Its list of what pilots found, and the key of that: it is no part of an experiment as given.
std::string decided_text(const std::vector<DecidedLength>& lengths);
inline constexpr const char* decided_key = "ensemble.until.decided";

/// What [record] asks for that runs of several lengths cannot have in common; "" where there is nothing.
std::string needs_one_length(const Experiment& experiment);

}  // namespace kramers::analysis
