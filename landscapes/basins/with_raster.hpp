#pragma once

#include <memory>

#include "landscapes/basins/basin_raster.hpp"

namespace kramers::landscapes {

/// The same landscape with its basins by that raster, in place of those that it states or does not.
std::shared_ptr<const Landscape> with_raster(std::shared_ptr<const Landscape> landscape,
                                             std::shared_ptr<const BasinRaster> raster);

}  // namespace kramers::landscapes
