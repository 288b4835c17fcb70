#pragma once

#include <Eigen/Core>

#include "sde/statistics.hpp"

namespace kramers::analysis {

/// What the replicates of a run say over all of its samples, and over those before and after a bound in time: matrices
/// replicates x values.
struct Windowed {
  Eigen::MatrixXd all, early, late;
};

/// The bound between two parts of time (sde::time_parts) that is nearest to the middle of the samples.
struct TimeBound {
  int early_parts;  // how many parts lie before it
  double share;     // of the samples
};
TimeBound time_bound(std::uint64_t samples);

/// Fractions of the samples due, replicates x (cells + 1); the last cell is what fell to diverged trajectories. Throws
/// as `fractions` does.
Windowed windowed_fractions(const sde::Counts& density, const sde::Counts& expected, std::uint64_t samples);

enum class WindowedMean { loss, temperature };
/// Means over the samples that were counted, replicates x 1.
Windowed windowed_mean(const sde::RunStatistics& statistics, WindowedMean of);

}  // namespace kramers::analysis
