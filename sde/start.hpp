#pragma once

#include "sde/ensemble.hpp"

namespace kramers::sde {

/// In a trajectory's row of normals for the initial state: start positions take the numbers from 0, a scheme's extra
/// rows those from here.
inline constexpr std::uint64_t first_extra_number = std::uint64_t(1) << 32;

/// theta (d rows) of the block that begins with first_trajectory.
template <Real R>
void place_start(const Start& start, const Stream& stream, std::uint64_t first_trajectory, int dim, R* theta);

}  // namespace kramers::sde
