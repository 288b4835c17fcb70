#pragma once

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/run_group.hpp"

namespace kramers::analysis {

/// The group /verdict: what was sampled, held against the prediction. Of every run, of each of its comparisons, and of
/// each of its densities.
void write_verdict(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates);

/// Into results whose runs and grids are known.
void read_verdict(const Hdf5Reader& file, Results& results);

}  // namespace kramers::analysis
