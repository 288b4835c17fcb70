#pragma once

#include <cstdint>

#include "sde/events.hpp"
#include "sde/flat_grid.hpp"
#include "sde/noise.hpp"

namespace kramers::sde {

/// In `lost`: over before this simulation began, and counted.
inline constexpr std::uint64_t lost_before = ~std::uint64_t(0);

/// A slab of steps of trajectories on a device, as every thread is told of it. Arrays are in the memory of the device;
/// element [row * count + t] belongs to trajectory first_trajectory + t, so that neighbouring threads touch
/// neighbouring numbers.
template <Real R>
struct Slab {
  std::uint64_t first_step, last_step;  // steps first .. last - 1
  Events events;
  Stream stream;
  std::uint64_t first_trajectory, count, trajectories;  // of this chunk; of the whole ensemble
  int replicates, groups;
  bool groups_are_starts, full_covariance;
  R guard_radius;
  const double* origin;

  R* theta;              // d rows; of a diverged trajectory: the last good state
  R* kept;               // what the scheme keeps, extra * d rows
  double* sums;          // rows: the quantities of RunStatistics::sums
  std::uint64_t* lost;   // the step after which the first bad state came; 0: none did
  std::uint64_t* sound;  // of a diverged trajectory: the last event before

  const std::uint64_t* begin;  // the step up to which each trajectory has come already: an event, or 0

  int grids;
  const FlatGrid* grid;
  const std::uint64_t* grid_offset;  // of its counts [group][replicate][cell] in `counts`
  int minima;                        // 0: no basins
  std::uint64_t basin_offset;
  unsigned long long* counts;
  unsigned long long* diverged;  // how many, in this chunk and those before
  double* paths;                 // [chain][draw][dim]
  std::uint64_t chains, draws, path_every;

  KRAMERS_HOST_DEVICE int replicate(std::uint64_t trajectory) const { return replicate_of(trajectory, trajectories); }
  KRAMERS_HOST_DEVICE int group(std::uint64_t trajectory, std::uint64_t step) const {
    if (groups_are_starts) return int(trajectory % std::uint64_t(groups));
    return events.samples_until(step) <= events.samples_until(events.total_steps) / 2 ? 0 : 1;
  }
};

}  // namespace kramers::sde
