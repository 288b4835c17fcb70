#pragma once

#include <vector>

#include "analysis/experiment/experiment.hpp"

namespace kramers::analysis {

/// T A_ii of each coordinate, A = C / sigma^2 the covariance of the noise in units of its reference (1 for isotropic
/// noise): its temperature at stationarity, whatever the loss. NaN where C depends on theta or does not exist.
std::vector<double> coordinate_temperatures(const Experiment& experiment);

}  // namespace kramers::analysis
