#pragma once

#include <vector>

#include "analysis/statistics/table.hpp"
#include "analysis/verdict/step_bias.hpp"

namespace kramers::analysis {

/// `step_bias`, over the quantities, and `step_bias_density_K`, over the cells of each density.
std::vector<Table> step_bias_tables(const StepBias& found);

}  // namespace kramers::analysis
