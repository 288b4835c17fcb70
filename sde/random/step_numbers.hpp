#pragma once

#include "sde/block_noise.hpp"

namespace kramers::sde {

/// The numbers that move trajectories, as BlockScheme::advance takes them: those of a noise, or, where that is
/// isotropic (null), standard normals.
template <Real R>
void step_numbers(const BlockNoise<R>* noise, const Stream& stream, std::uint64_t first_trajectory,
                  std::uint64_t first_number, int count, R* out) {
  if (noise)
    noise->numbers(stream, first_trajectory, first_number, count, out);
  else
    normals<R>(stream, first_trajectory, first_number, count, out);
}

}  // namespace kramers::sde
