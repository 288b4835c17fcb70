#pragma once

#include <string>
#include <vector>

#include "analysis/statistics/table.hpp"
#include "apps/text/json.hpp"

namespace kramers::apps {

/// What people want to see at once of what was recorded beside densities, moments and events, a line each that begins
/// with the label of the run.
std::string recorded_lines(const std::vector<analysis::Table>& tables, const std::string& label);

/// {"autocorrelation": {"quantity": ["theta_0", ...], "lag": [...], "correlation": [[...], ...], ...}, ...}
Json recorded_json(const std::vector<analysis::Table>& tables);

}  // namespace kramers::apps
