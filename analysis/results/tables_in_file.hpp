#pragma once

#include "analysis/results/run_group.hpp"

namespace kramers::analysis {

/// A group for each table and each tally: the fields, and `replicate_sums` (run, replicate, axes...). Neither knows
/// what they mean. Throws std::invalid_argument unless all runs have the same ones.
void write_tables(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates);

/// Fills the tallies and tables of the runs.
void read_tables(const Hdf5Reader& file, Results& results);

}  // namespace kramers::analysis
