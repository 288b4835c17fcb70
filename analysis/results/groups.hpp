#pragma once

#include <vector>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/results/run_group.hpp"

namespace kramers::analysis {

/// A group of a results file, or all of a kind.
struct GroupKind {
  /// Writes nothing where there is nothing of it. Throws std::invalid_argument where runs do not fit together.
  void (*write)(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates);
  /// Into results of so many runs, whose dimension, replicates and start groups are known, and which have what the
  /// kinds before it read. Throws std::runtime_error.
  void (*read)(const Hdf5Reader& file, Results& results);
};

/// In the order in which they are written and read. Adding one is a file and a line.
const std::vector<GroupKind>& group_kinds();

}  // namespace kramers::analysis
