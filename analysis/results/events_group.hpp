#pragma once

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/run_group.hpp"

namespace kramers::analysis {

/// The groups /events_K: first passages.
void write_events(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates);

/// Into results whose runs, groups and replicates are known.
void read_events(const Hdf5Reader& file, Results& results);

}  // namespace kramers::analysis
