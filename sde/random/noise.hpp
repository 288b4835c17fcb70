#pragma once

#include <array>
#include <cstdint>

#include "sde/block.hpp"

namespace kramers::sde {

/// What a random number is for; purposes never share numbers.
enum class Purpose : std::uint8_t { increments = 0, initial_state = 1, minibatch = 2, metropolis = 3, bridge = 4 };

/// A family of rows of independent standard normals, one endless row a trajectory: a pure function of
/// (seed, run, purpose, trajectory, number).
struct Stream {
  std::uint64_t seed;
  std::uint16_t run = 0;
  Purpose purpose = Purpose::increments;
};

/// The counter of one call of one trajectory's row (layout: `philox.hpp`).
KRAMERS_HOST_DEVICE inline std::array<std::uint32_t, 4> counter_of(const Stream& stream, std::uint64_t trajectory,
                                                                   std::uint64_t call) {
  return {std::uint32_t(call), std::uint32_t(call >> 32), std::uint32_t(trajectory),
          std::uint32_t(trajectory >> 32) | std::uint32_t(stream.run) << 8 | std::uint32_t(stream.purpose) << 24};
}

/// out[i * block_lanes + lane] = normal number first_number + i of trajectory first_trajectory + lane, i < count.
/// first_trajectory is a multiple of block_lanes, below 2^40. Single and double precision are different numbers.
template <Real R>
void normals(const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number, int count, R* out);

}  // namespace kramers::sde
