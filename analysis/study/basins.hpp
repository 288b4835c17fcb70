#pragma once

#include <memory>

#include "analysis/experiment/experiment.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// The landscape with the basins that the experiment counts in: those that it states, or those by gradient flow where
/// the experiment asks for them or the landscape states none, as far as that can be (`raster_obstacle`).
///
/// The raster covers the recorded ranges, and each minimum with six thermal widths sqrt(T (H^-1)_ii) about it.
std::shared_ptr<const landscapes::Landscape> with_basins(const Experiment& experiment,
                                                         std::shared_ptr<const landscapes::Landscape> landscape);

}  // namespace kramers::analysis
