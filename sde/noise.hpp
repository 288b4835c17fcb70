#pragma once

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

/// out[i * block_lanes + lane] = normal number first_number + i of trajectory first_trajectory + lane, i < count.
/// first_trajectory is a multiple of block_lanes, below 2^40. Single and double precision are different numbers.
template <Real R>
void normals(const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number, int count, R* out);

}  // namespace kramers::sde
