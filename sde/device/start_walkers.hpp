#pragma once

#include <string>

#include "sde/start.hpp"
#include "sde/trajectory.hpp"

namespace kramers::sde {

/// Job of a device: the initial state of each trajectory, as InitialStates has it.
template <Real R>
struct StartWalkers {
  FlatStart start;
  int extra_rows;
  std::uint64_t first_trajectory, count;
  R* state;  // rows of `count`: theta, then what the scheme keeps

  std::string name() const { return "placing trajectories at their start"; }

  KRAMERS_HOST_DEVICE void operator()(std::uint64_t t) const {
    const std::uint64_t trajectory = first_trajectory + t;
    NormalRow<R> position(start.stream, trajectory, 0), kept(start.stream, trajectory, first_extra_number);
    R* row = state + t;
    for (int i = 0; i < start.dim; ++i, row += count)
      *row = start.coordinate(trajectory, i, start.takes_normals() ? position.next() : R(0));
    for (int i = 0; i < extra_rows; ++i, row += count) *row = kept.next();
  }
};

}  // namespace kramers::sde
