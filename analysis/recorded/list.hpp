#pragma once

#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// What was found of everything that [record] asks for beside densities and paths, of the acceptance of a Metropolis
/// scheme, and of the error that `ensemble.until` asks for.
std::vector<Table> recorded_tables(const Experiment& experiment, const sde::RunStatistics& statistics);

}  // namespace kramers::analysis
