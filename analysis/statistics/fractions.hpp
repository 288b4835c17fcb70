#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>

#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Fractions of the samples due, replicates x (cells + 1); the last cell is what fell to diverged trajectories.
/// Nothing is renormalised to the range of the bins. Throws std::invalid_argument where the shapes differ, where
/// nothing is due in a replicate, or more was counted than was due.
Eigen::MatrixXd fractions(const sde::Counts& density, const sde::Counts& expected);

/// The same for those groups that `takes` names.
Eigen::MatrixXd fractions(const sde::Counts& density, const sde::Counts& expected,
                          const std::function<bool(int group)>& takes);

/// Samples due that no cell has.
std::uint64_t missing_samples(const sde::Counts& density, const sde::Counts& expected);

}  // namespace kramers::analysis
