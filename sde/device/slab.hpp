#pragma once

#include <cstdint>

#include "sde/events.hpp"
#include "sde/flat_grid.hpp"
#include "sde/random/noise.hpp"
#include "sde/statistics.hpp"

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
  int replicates;
  SumRows rows;
  std::uint64_t points;     // start points; 1 where there is one start group
  const int* start_groups;  // of each
  R guard_radius;
  const double* origin;

  R* theta;              // d rows; of a diverged trajectory: the last good state
  R* kept;               // what the scheme keeps, extra * d rows
  double* sums;          // SumRows, and, where there are basins, 1 + that of the last sample (0: none yet)
  std::uint64_t* lost;   // the step after which the first bad state came; 0: none did
  std::uint64_t* sound;  // of a diverged trajectory: the last event before

  const std::uint64_t* begin;  // the step up to which each trajectory has come already: an event, or 0

  int grids;
  const FlatGrid* grid;
  const std::uint64_t* grid_offset;  // of its counts [group and part of time][replicate][cell] in `counts`
  int minima;                        // 0: no basins
  std::uint64_t basin_offset, transition_offset;
  unsigned long long* counts;
  unsigned long long* diverged;  // how many, in this chunk and those before
  double* paths;                 // [chain][draw][dim]
  std::uint64_t chains, draws, path_every;

  KRAMERS_HOST_DEVICE int replicate(std::uint64_t trajectory) const { return replicate_of(trajectory, trajectories); }
  KRAMERS_HOST_DEVICE int group(std::uint64_t trajectory) const { return start_groups[trajectory % points]; }
  KRAMERS_HOST_DEVICE std::uint64_t samples() const { return events.samples_until(events.total_steps); }
};

}  // namespace kramers::sde
