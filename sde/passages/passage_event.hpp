#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sde/numbers/number.hpp"

namespace kramers::sde {

/// x_axis >= at (above), or x_axis <= at.
struct HalfSpace {
  int axis;
  bool above;
  double at;

  /// How far x is from it: <= 0 inside.
  double gap(double x) const { return above ? at - x : x - at; }
  bool operator==(const HalfSpace&) const = default;
};

/// What each trajectory is watched for after every step, until it has happened once: its first passage. A trajectory
/// that starts where it has happened already does not take part.
struct PassageEvent {
  enum class Kind { crosses, enters, leaves_basin };

  std::string name;
  Kind kind = Kind::crosses;
  std::vector<HalfSpace> half_spaces;  // crosses: into any of them; enters: into all of them; leaves_basin: none
  bool bridge = false;                 // crosses: between steps too, along a Brownian bridge from state to state
  int bins = 1;                        // of the time of passage, from the start on
  std::uint64_t steps_per_bin = 1;

  /// The bin of step number `step`, counted from 1; the one after the last holds all later steps.
  int bin(std::uint64_t step) const {
    return int(std::min<std::uint64_t>((std::max<std::uint64_t>(step, 1) - 1) / steps_per_bin, bins));
  }
  bool tells_basins() const { return kind == Kind::leaves_basin; }
  /// From where trajectories pass, to where, of so many minima; and the numbers that are kept of each meanwhile.
  int origins(int minima) const { return tells_basins() ? minima : 1; }
  int destinations(int minima) const { return tells_basins() ? minima + 1 : 0; }
  int rows() const { return tells_basins() ? 3 : 1; }
  bool operator==(const PassageEvent&) const = default;
};

}  // namespace kramers::sde
