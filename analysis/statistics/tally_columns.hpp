#pragma once

#include <Eigen/Core>

#include "sde/tally.hpp"

namespace kramers::analysis {

/// Entries first .. first + count - 1 of a tally, replicates x entries.
inline Eigen::MatrixXd tally_columns(const sde::Tally& tally, std::size_t first, std::size_t count) {
  Eigen::MatrixXd columns(tally.replicates, Eigen::Index(count));
  for (int g = 0; g < tally.replicates; ++g)
    for (std::size_t k = 0; k < count; ++k) columns(g, Eigen::Index(k)) = tally.sums_of(g)[first + k];
  return columns;
}

}  // namespace kramers::analysis
