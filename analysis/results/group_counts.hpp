#pragma once

#include <cstdint>
#include <span>

#include "analysis/results/over_runs.hpp"
#include "analysis/results/run_group.hpp"
#include "sde/statistics.hpp"

/// Counts by start group, part of time, replicate and cell, as a results file has them. `shape`: statistics whose
/// groups and replicates are known.
namespace kramers::analysis {

/// What the counts of a group of the file are over, but for the cells.
void dimensions_of_counts(RunGroup& s, const sde::RunStatistics& shape);

/// Of one run's counts.
Sizes sizes_of_counts(const sde::RunStatistics& shape, const Sizes& cells);

sde::Counts blank_counts(const sde::RunStatistics& shape, int cells);

/// Every replicate's counts of the cells [first, first + cells), put where they belong.
void put_counts(sde::Counts& counts, std::span<const std::int64_t> values, int first, int cells);

}  // namespace kramers::analysis
