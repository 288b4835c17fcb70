#pragma once

#include <cstdint>

#include "sde/statistics.hpp"

namespace kramers::sde {

/// A DensityGrid as flat numbers, and the cell that a point falls into: one formula for blocks and devices.
struct FlatGrid {
  int axes;
  int axis[2], bins[2];
  double low[2], bins_per_unit[2];

  FlatGrid() = default;
  explicit FlatGrid(const DensityGrid& grid) : axes(int(grid.axes.size())), axis{}, bins{}, low{}, bins_per_unit{} {
    for (int a = 0; a < axes; ++a) {
      axis[a] = grid.axes[a];
      bins[a] = grid.bins[a];
      low[a] = grid.range[a][0];
      bins_per_unit[a] = grid.bins[a] / (grid.range[a][1] - grid.range[a][0]);
    }
  }

  KRAMERS_HOST_DEVICE int cells() const { return axes == 1 ? bins[0] + 2 : bins[0] * bins[1] + 1; }

  /// 0 below the range of an axis, 1 .. bins inside, bins + 1 above (or NaN, which no trajectory that counts holds).
  KRAMERS_HOST_DEVICE std::int32_t slot(double x, int a) const {
    double position = (x - low[a]) * bins_per_unit[a] + 1;
    const double last = bins[a] + 1;
    position = position < last ? position : last;
    return std::int32_t(position > 0 ? position : 0);
  }
  /// The cell, as DensityGrid numbers them, of one slot or two.
  KRAMERS_HOST_DEVICE std::int32_t cell(std::int32_t slot) const {
    return slot == 0 ? bins[0] : slot > bins[0] ? bins[0] + 1 : slot - 1;
  }
  KRAMERS_HOST_DEVICE std::int32_t cell(std::int32_t slot, std::int32_t second) const {
    const std::int32_t i = slot - 1, j = second - 1;
    const bool inside = i >= 0 && i < bins[0] && j >= 0 && j < bins[1];
    return inside ? i * bins[1] + j : bins[0] * bins[1];
  }
};

}  // namespace kramers::sde
