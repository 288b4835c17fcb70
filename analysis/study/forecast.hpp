#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/study/study.hpp"
#include "analysis/verdict/planning.hpp"

namespace kramers::analysis {

/// What theory expects of a run before it moves: standard errors, and whether they let a verdict be reached. Known
/// where an exact marginal is; `estimate` where the diffusion of a marginal, or the limit of strong friction, stands
/// for the whole (true errors are then the larger ones).
struct Forecast {
  bool estimate = false;
  std::string why_not;  // nothing below is known
  /// Of the occupancy of each minimum's basin; empty: not known.
  std::vector<double> basin_errors;
  /// Of the measured temperature, where L is a sum over coordinates and the scheme has no inertia.
  std::optional<double> temperature_error;

  /// Of one density over one axis that is held against a prediction.
  struct Density {
    int index;                   // in [record]
    double noise_floor;          // of the total variation
    double error;                // of the total variation: that of the weight to the left of the worst threshold
    std::optional<double> bias;  // of the step, in total variation
    /// For a verdict in nine runs of ten; absent: no number decides, and why.
    std::optional<double> trajectories;
    std::string why_none;
    bool disagrees = false;  // the bias is beyond the tolerance
  };
  std::vector<Density> densities;

  /// The most of all densities, of the basins and of the temperature, or the least of those densities that will
  /// disagree, for one is enough; absent where no number decides, or nothing is known.
  std::optional<double> trajectories() const;
  double temperature_trajectories = 0;  // that the measured temperature needs; 0: not known
  double basin_trajectories = 0;        // that the basins' weights need; 0: not known
};

/// Its basin_errors alone.
std::vector<double> expected_basin_errors(const StudiedRun& studied);

/// In relaxation times; the relaxation time has to be known.
Window window_of(const StudiedRun& studied);

/// Why the burn-in and what is sampled after it do not let a verdict be reached, and what would; empty: they do, or
/// nothing is known.
std::string window_advice(const StudiedRun& studied);

/// `comparisons`: comparisons_of() all runs.
Forecast forecast(const StudiedRun& studied, int comparisons);

}  // namespace kramers::analysis
