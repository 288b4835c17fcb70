#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/results/part_file.hpp"

namespace kramers::analysis {

/// States of one trajectory, by step, and which trajectory of what it is.
struct Path {
  std::string title, experiment;  // as resolved
  std::uint64_t seed = 0, run = 0, trajectory = 0;
  int dim = 0;
  std::vector<std::int64_t> step;
  std::vector<double> t, theta, loss;  // theta: [step][param]
};

/// Writes it as HDF5 that is netCDF-4, with `step` as its dimension, as Hdf5Writer::commit does. Throws
/// std::runtime_error.
void write(const Path& path, const std::map<std::string, std::string>& provenance, const std::string& name,
           Replace replace = Replace::ours);

}  // namespace kramers::analysis
