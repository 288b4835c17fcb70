#pragma once

#include <string>

#include "sde/ensemble_plan.hpp"

namespace kramers::sde {

/// What of these statistics cannot be of the plan's run, or of a part of it, in words; empty: nothing. Statistics that
/// come from a file are looked at before anything is done with them. `until_the_end`: of whole trajectories, not of
/// what they have yielded so far.
std::string misfit(const RunStatistics& statistics, const EnsemblePlan& plan, int dim, bool until_the_end = true);

/// Whether two parts can be of one run, so that they merge.
bool same_shape(const RunStatistics& a, const RunStatistics& b);

}  // namespace kramers::sde
