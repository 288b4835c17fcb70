#include "landscapes/basins/basin_raster.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "landscapes/basins/gradient_flow.hpp"

namespace kramers::landscapes {
namespace {

using sde::block_lanes;

/// From where the flow is followed: a thousandth off the cell's centre, since the saddles of symmetric landscapes lie
/// on centres.
double start_in_cell(const BasinRaster::Axis& axis, int i) { return axis.low + (i + 0.501) * axis.width; }

template <sde::Real R>
std::int32_t cell_along(const BasinRaster::Axis& axis, R x) {
  return std::int32_t(sde::min(sde::max((x - R(axis.low)) * R(1 / axis.width), R(0)), R(axis.cells - 1)));
}

}  // namespace

template <sde::Real R>
void BasinRaster::cells(const R* theta, std::int32_t* index) const {
  std::fill_n(index, block_lanes, 0);
  for (const Axis& axis : axes) {
    for (int lane = 0; lane < block_lanes; ++lane)
      index[lane] = index[lane] * axis.cells + cell_along(axis, theta[lane]);
    theta += block_lanes;
  }
}

template void BasinRaster::cells(const float*, std::int32_t*) const;
template void BasinRaster::cells(const double*, std::int32_t*) const;

int BasinRaster::label(const Point& theta) const {
  std::int32_t cell = 0;
  for (std::size_t i = 0; i < axes.size(); ++i)
    cell = cell * axes[i].cells + cell_along(axes[i], theta[Eigen::Index(i)]);
  return minimum[cell];
}

std::vector<double> BasinRaster::edges(int axis) const {
  std::size_t stride = 1;
  for (std::size_t later = axis + 1; later < axes.size(); ++later) stride *= axes[later].cells;
  const int count = axes[axis].cells;
  std::vector<bool> differs(count);
  for (std::size_t cell = 0; cell < minimum.size(); ++cell)
    if (const int i = int(cell / stride % count); i > 0 && minimum[cell] != minimum[cell - stride]) differs[i] = true;
  std::vector<double> all;
  for (int i = 0; i < count; ++i)
    if (differs[i]) all.push_back(axes[axis].edge(i));
  return all;
}

std::string raster_obstacle(const Landscape& landscape) {
  if (landscape.dim() > largest_raster_dim)
    return "the landscape has " + std::to_string(landscape.dim()) + " dimensions; a raster has up to " +
           std::to_string(largest_raster_dim);
  if (landscape.minima().empty()) return "the minima of the landscape are not known";
  return "";
}

std::shared_ptr<const BasinRaster> basin_raster(const Landscape& landscape,
                                                const std::vector<std::array<double, 2>>& ranges) {
  if (const std::string obstacle = raster_obstacle(landscape); !obstacle.empty()) throw std::invalid_argument(obstacle);
  constexpr int cells_by_dim[] = {4096, 256, 64};
  const int d = landscape.dim(), count = cells_by_dim[d - 1];
  BasinRaster raster;
  std::size_t cells = 1;
  for (const auto& [low, high] : ranges) {
    raster.axes.push_back({low, (high - low) / count, count});
    cells *= count;
  }
  raster.minimum.resize(cells);
  std::vector<double> theta(d * block_lanes);
  std::int32_t minimum[block_lanes];
  for (std::size_t first = 0; first < cells; first += block_lanes) {  // `cells` is a multiple of block_lanes
    for (int lane = 0; lane < block_lanes; ++lane) {
      std::size_t cell = first + lane;
      for (int i = d; i-- > 0; cell /= count)
        theta[i * block_lanes + lane] = start_in_cell(raster.axes[i], cell % count);
    }
    follow_gradient_flow(landscape, theta.data(), minimum);
    std::copy_n(minimum, block_lanes, raster.minimum.begin() + first);
  }
  return std::make_shared<const BasinRaster>(std::move(raster));
}

}  // namespace kramers::landscapes
