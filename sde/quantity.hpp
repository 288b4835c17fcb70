#pragma once

#include <string>

namespace kramers::sde {

/// A number that every point has: a coordinate, the loss, or 1 in the basin of one minimum and 0 elsewhere.
struct Quantity {
  enum class Kind { theta, loss, basin } kind = Kind::loss;
  int index = 0;  // of the coordinate, of the minimum

  /// "theta_0", "loss", "basin_1".
  std::string name() const {
    if (kind == Kind::loss) return "loss";
    return (kind == Kind::theta ? "theta_" : "basin_") + std::to_string(index);
  }
  bool operator==(const Quantity&) const = default;
};

}  // namespace kramers::sde
