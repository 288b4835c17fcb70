#pragma once

#include "analysis/prediction/quadrature.hpp"

namespace kramers::analysis {

/// Lowest nonzero eigenvalue of the generator of dx = -T F' dt + sqrt(2 T) dW, whose stationary density is exp(-F);
/// relative error below 1e-6. Inverse iteration in terms of the fluxes of a LineGrid (no cancellation, so that rates of
/// 1e-30 are as exact as others), extrapolation from two grids. 0 where nothing ever crosses: beyond a barrier of 600.
double relaxation_rate(const LineDensity& density, double temperature);

}  // namespace kramers::analysis
