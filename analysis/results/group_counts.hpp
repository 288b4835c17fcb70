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

/// "param": the coordinates.
void dimension_of_theta(RunGroup& s, int dim, const std::string& name = "param");

/// Of one run's counts.
Sizes sizes_of_counts(const sde::RunStatistics& shape, const Sizes& cells);

sde::Counts blank_counts(const sde::RunStatistics& shape, int cells);

/// Every replicate's counts of the cells [first, first + cells), put where they belong.
void put_counts(sde::Counts& counts, std::span<const std::int64_t> values, int first, int cells);

/// Counts of so many cells, of those sizes in the file, which has them before memory is taken: into place(run).
template <class Place>
void read_counts(const Hdf5Reader& file, const std::string& dataset, Results& results, int cells, const Sizes& sizes,
                 Place place) {
  const sde::RunStatistics& shape = results.runs[0].statistics;
  scatter_counts(file, dataset, sizes_of_counts(shape, sizes), results, [&](RunResults& run, auto values) {
    place(run) = blank_counts(shape, cells);
    put_counts(place(run), values, 0, cells);
  });
}

}  // namespace kramers::analysis
