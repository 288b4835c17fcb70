#pragma once

#include "analysis/experiment/existing_moments.hpp"
#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// Where theta has no variance: makes NaN what rests on variances or on means of squares, and all errors of means:
/// everything, or what is over quantities other than basins.
void forget_missing_moments(Table& table, const ExistingMoments& moments, bool in_whole);

}  // namespace kramers::analysis
