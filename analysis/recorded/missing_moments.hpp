#pragma once

#include <vector>

#include "analysis/experiment/existing_moments.hpp"
#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// Where theta has no variance: makes NaN what rests on variances or on means of squares, of all that is recorded, and
/// all errors of means. Basins and quantiles stay.
void forget_missing_moments(std::vector<Table>& tables, const ExistingMoments& moments);

}  // namespace kramers::analysis
