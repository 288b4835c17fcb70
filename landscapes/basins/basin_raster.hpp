#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "landscapes/model/landscape.hpp"

namespace kramers::landscapes {

inline constexpr int largest_raster_dim = 3;

/// Basins of attraction as labels on a raster of equal cells, first axis slowest; a point has the label of its cell,
/// and beyond the raster that of the nearest cell. At most 3 dimensions.
struct BasinRaster {
  struct Axis {
    double low, width;  // of the first cell
    int cells;
    double edge(int i) const { return low + i * width; }
  };
  std::vector<Axis> axes;
  std::vector<std::int8_t> minimum;  // of each cell; -1: of none

  /// index[lane] of the cell of each lane of a block.
  template <sde::Real R>
  void cells(const R* theta, std::int32_t* index) const;

  /// Index of the minimum whose basin theta is in, or -1.
  int label(const Point& theta) const;

  /// Where along an axis the label of any two neighbouring cells differs, ascending.
  std::vector<double> edges(int axis) const;
};

/// The raster over these ranges, [axis] = {low, high}, its labels by gradient flow from each cell: 4096 cells a
/// dimension in one, 256 in two, 64 in three. Takes about a second. Throws std::invalid_argument where
/// `raster_obstacle` says why.
std::shared_ptr<const BasinRaster> basin_raster(const Landscape& landscape,
                                                const std::vector<std::array<double, 2>>& ranges);

/// Why there can be no raster of that landscape's basins; empty: there can.
std::string raster_obstacle(const Landscape& landscape);

}  // namespace kramers::landscapes
