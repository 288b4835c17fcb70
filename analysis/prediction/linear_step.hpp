#pragma once

#include <optional>
#include <string>

#include "sde/schemes/scheme.hpp"

namespace kramers::analysis {

/// How long the slowest mode of a step without noise takes to die out [time] on a parabola of this curvature, as
/// exp(-t / time): -h / ln |largest eigenvalue| of the linear map that a step is, of the position with what the scheme
/// keeps. Found by taking the step itself. Infinite where no mode dies out. Where rounding hides the eigenvalue, that
/// of the equation (slowest_mode). None where a step is no linear map: that of tamed-euler, or of a Metropolis scheme.
std::optional<double> slowest_mode_of_step(const std::string& scheme, const sde::SchemeParameters& parameters,
                                           double curvature);

/// Of the equation: 1 / lambda without inertia; with the friction gamma 2 / (gamma - Re sqrt(gamma^2 - 4 lambda)).
double slowest_mode(double curvature, std::optional<double> friction);

}  // namespace kramers::analysis
