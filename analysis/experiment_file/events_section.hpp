#pragma once

#include <string>
#include <vector>

#include "analysis/experiment_file/experiment_sections.hpp"
#include "sde/passages/passage_event.hpp"

namespace kramers::analysis {

/// Reads `record.events`, a list of tables: each has one of `above`, `below` (with `axis`), `inside`, `outside` (with
/// `axes`) and `basin`, and perhaps `name`, `bridge`, `bins` and `range`. Landscape, dynamics and ensemble of the draft
/// are read already. What is wrong, and events that can never happen, go to the section's problems.
void read_events(Section& record, Draft& draft);

/// The list as TOML; `time_step` turns steps into times.
std::string events_text(const std::vector<sde::PassageEvent>& events, double time_step);

/// In words: "theta_0 >= 0".
std::string describe(const sde::PassageEvent& event);

}  // namespace kramers::analysis
