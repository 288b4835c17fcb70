#pragma once

#include "analysis/prediction/prediction.hpp"
#include "analysis/prediction/quadrature.hpp"
#include "landscapes/landscape.hpp"

namespace kramers::analysis {

/// How fast the slowest deviation from the stationary law dies out: as exp(-rate t).
struct Relaxation {
  double rate;    // 1 / time unit; lowest nonzero eigenvalue of the generator
  bool estimate;  // of a marginal diffusion (an upper bound of the true rate) instead of the whole one
};

/// Lowest nonzero eigenvalue of the generator of dx = -T F' dt + sqrt(2 T) dW, whose stationary density is exp(-F);
/// relative error below 1e-6. Inverse iteration in terms of the fluxes of a LineGrid (no cancellation, so that rates of
/// 1e-30 are as exact as others), extrapolation from two grids.
double relaxation_rate(const LineDensity& density, double temperature);

/// d = 1: exact. d > 1: the slowest of the axes whose marginal is known, exact where L is a sum over coordinates, else
/// marked as an estimate (a function of one coordinate is a trial function of the Rayleigh quotient). None where no
/// marginal is known.
Answer<Relaxation> relaxation(const landscapes::Landscape& landscape, double temperature);

}  // namespace kramers::analysis
