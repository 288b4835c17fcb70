#pragma once

#include <optional>

#include "analysis/prediction/quadrature.hpp"

namespace kramers::analysis {

/// Lowest nonzero eigenvalue of the generator of dx = -T F' dt + sqrt(2 T) dW, whose stationary density is exp(-F).
/// Inverse iteration in terms of the fluxes of a LineGrid (no cancellation, so that rates of 1e-30 are as exact as
/// others), extrapolation from grids that double until they agree to 1e-7; where the largest is reached first, to 1e-3.
/// None where they do not: wells too narrow beside their extent. 0 where nothing ever crosses: beyond a barrier of 600.
std::optional<double> relaxation_rate(const LineDensity& density, double temperature);

}  // namespace kramers::analysis
