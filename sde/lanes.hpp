#pragma once

#include <cstdint>

#include "sde/block.hpp"

namespace kramers::sde {

/// The lanes of a block: which trajectories, and where their counts go. A region is a (replicate, group) pair:
/// (replicate - first_replicate) * groups + start group. Lanes that are padding or have diverged have the region after
/// the last, which nobody reads.
struct Lanes {
  std::uint64_t block;  // counted from the first block that is simulated here
  std::uint64_t first_trajectory;
  int first_replicate, last_replicate;
  int groups;
  bool alive[block_lanes];
  std::int32_t replicate[block_lanes];
  std::int32_t group[block_lanes];
  std::int32_t region[block_lanes];
  int region_count() const { return (last_replicate - first_replicate + 1) * groups; }
};

}  // namespace kramers::sde
