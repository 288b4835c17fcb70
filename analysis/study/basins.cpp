#include "analysis/study/basins.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analysis/experiment/rates.hpp"
#include "landscapes/basins/with_raster.hpp"
#include "sde/numbers/infinity.hpp"

namespace kramers::analysis {
namespace {

std::vector<std::array<double, 2>> raster_ranges(const Experiment& experiment, const landscapes::Landscape& landscape) {
  std::vector<std::array<double, 2>> ranges(landscape.dim(), {infinity, -infinity});
  const auto cover = [&](int axis, double low, double high) {
    ranges[axis] = {std::min(ranges[axis][0], low), std::max(ranges[axis][1], high)};
  };
  const double temperature = sde::effective_temperature(scheme_parameters(experiment));
  for (const landscapes::Minimum& minimum : landscape.minima()) {
    const Eigen::VectorXd variance = temperature * landscape.hessian(minimum.at).inverse().diagonal();
    for (int i = 0; i < landscape.dim(); ++i) {
      const double width = variance[i] > 0 && std::isfinite(variance[i]) ? 6 * std::sqrt(variance[i]) : 0;
      cover(i, minimum.at[i] - width, minimum.at[i] + width);
    }
  }
  for (const sde::DensityGrid& grid : experiment.record.density)
    for (std::size_t i = 0; i < grid.axes.size(); ++i) cover(grid.axes[i], grid.range[i][0], grid.range[i][1]);
  for (auto& [low, high] : ranges)
    if (!(low < high)) high = low + 1;  // one flat minimum: any raster will do
  return ranges;
}

}  // namespace

std::shared_ptr<const landscapes::Landscape> with_basins(const Experiment& experiment,
                                                         std::shared_ptr<const landscapes::Landscape> landscape) {
  const bool by_flow = experiment.record.basins_by_flow || !landscape->basins();
  if (!by_flow || !landscapes::raster_obstacle(*landscape).empty()) return landscape;
  auto raster = landscapes::basin_raster(*landscape, raster_ranges(experiment, *landscape));
  return landscapes::with_raster(std::move(landscape), std::move(raster));
}

}  // namespace kramers::analysis
