#pragma once

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

}  // namespace kramers::sde
