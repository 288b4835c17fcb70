#pragma once

#include <Eigen/Core>

#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The sums of a run as a matrix, replicates x quantities, and how many samples went into each replicate.
struct RunSums {
  Eigen::MatrixXd sums;
  Eigen::VectorXd weights;

  explicit RunSums(const sde::RunStatistics& statistics)
      : sums(statistics.replicates, statistics.quantities()), weights(statistics.replicates) {
    for (int g = 0; g < statistics.replicates; ++g) {
      weights[g] = double(statistics.sample_count[g]);
      for (int q = 0; q < statistics.quantities(); ++q)
        sums(g, q) = statistics.sums[std::size_t(g) * statistics.quantities() + q];
    }
  }
};

}  // namespace kramers::analysis
