#pragma once

#include "analysis/experiment/experiment.hpp"
#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// What `ensemble.until` asked for, what its pilot found and decided, and the error that was reached (length.hpp).
/// Fields: `total_variation_error`, `steps`, `pilot_trajectories`, `pilot_steps`, `pilot_error`, and by density
/// `reached_error`.
Table until_table(const Until& until, const sde::RunStatistics& statistics);

}  // namespace kramers::analysis
