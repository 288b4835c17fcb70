#pragma once

#include "analysis/statistics/jackknife.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The temperature that the samples show, without a look at the density: for Euler-Maruyama
///
///     T = (<x . g> - (h / 2) <|g|^2>) / d,   x from any fixed point, since <g> = 0
///
/// exact at any step size h (each scheme brings its own estimator). A density hides a small error of T inside its
/// tolerance; this does not.
Estimate measured_temperature(const sde::RunStatistics& statistics);

}  // namespace kramers::analysis
