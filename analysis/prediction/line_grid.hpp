#pragma once

#include <vector>

#include "analysis/prediction/quadrature.hpp"

namespace kramers::analysis {

/// The diffusion dx = -T F' dt + sqrt(2 T) dW with stationary density p ~ exp(-F) on a uniform grid, by
/// Scharfetter-Gummel fluxes; errors are of second order in its width.
struct LineGrid {
  double width;
  std::vector<double> x, mass;     // nodes, and their shares of p: trapezoidal rule
  std::vector<double> resistance;  // of the faces between them [time]: integral of 1 / (T p), Simpson's rule

  /// On [low, high], cut into so many cells.
  LineGrid(const LineDensity& density, double temperature, double low, double high, int cells);

  double mean(const std::vector<double>& f) const;
  /// What flows through each face where f - <f> is a source, <f> = 0: sum of mass f over the nodes to its left. Summed
  /// from both ends towards the middle of the mass, so that small fluxes stay exact.
  std::vector<double> flux(const std::vector<double>& f) const;
};

}  // namespace kramers::analysis
