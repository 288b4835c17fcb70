#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sde/passages/passage_kind.hpp"

namespace kramers::sde {

/// Into any of the half-spaces beyond the faces of a box; `above` and `below` a threshold, too.
extern const PassageKind crossing;

/// What each trajectory is watched for after every step, until it has happened once: its first passage. A trajectory
/// that starts where it has happened already does not take part.
struct PassageEvent {
  std::string name;
  const PassageKind* kind = &crossing;
  std::vector<HalfSpace> half_spaces;
  bool bridge = false;  // between steps too, along a Brownian bridge from state to state
  int bins = 1;         // of the time of passage, from the start on
  std::uint64_t steps_per_bin = 1;

  /// The bin of step number `step`, counted from 1; the one after the last holds all later steps.
  int bin(std::uint64_t step) const {
    return int(std::min<std::uint64_t>((std::max<std::uint64_t>(step, 1) - 1) / steps_per_bin, bins));
  }
  /// Has it happened to what is `in` half-spaces?
  bool holds(const std::function<bool(const HalfSpace&)>& in) const { return kind->holds(half_spaces, in); }
  bool tells_basins() const { return kind->tells_basins; }
  /// From where trajectories pass, to where, of so many minima; and the numbers that are kept of each meanwhile.
  int origins(int minima) const { return tells_basins() ? minima : 1; }
  int destinations(int minima) const { return tells_basins() ? minima + 1 : 0; }
  int rows() const { return tells_basins() ? 3 : 1; }
  bool operator==(const PassageEvent&) const = default;
};

}  // namespace kramers::sde
