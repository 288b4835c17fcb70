#pragma once

#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// An upper bound of the relaxation rate of dx = -grad L dt + sqrt(2 T) dW in two dimensions, and what its slowest
/// deviation is made of. By Rayleigh and Ritz,
///
///     rate = min over f of T <|grad f|^2> / Var f,
///
/// over functions that are bilinear on the cells of a grid which is fine around the minima. What is coarse makes the
/// bound weaker, not wrong; where the grid resolves the wells it is a few per cent high.
struct PlaneRelaxation {
  double rate;
  double correlation[2];  // of the deviation with theta_0 and theta_1, squared
  double between_basins;  // the share of its variance that is between basins; 0 where none are known
};
PlaneRelaxation plane_relaxation(const landscapes::Landscape& landscape, double temperature);

}  // namespace kramers::analysis
