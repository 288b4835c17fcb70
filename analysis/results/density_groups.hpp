#pragma once

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/run_group.hpp"

namespace kramers::analysis {

/// The groups /density_K: histograms of theta.
void write_densities(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates);

/// The grids, and the densities of runs whose dimension, start groups and replicates are known.
void read_densities(const Hdf5Reader& file, Results& results);

}  // namespace kramers::analysis
