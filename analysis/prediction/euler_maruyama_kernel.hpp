#pragma once

#include <vector>

#include "analysis/prediction/prediction.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The exact stationary law of Euler-Maruyama in one dimension, the fixed point of its transition kernel
///
///     p(y) = integral N(y; x - h L'(x), 2 T h) p(x) dx
///
/// as masses q_k at points x_k (Nystroem's method: Gauss-Legendre panels no wider than three standard deviations of
/// the kernel, ending at kinks), so that <f> = sum q_k f(x_k) for smooth f, to about 1e-11.
struct EulerMaruyamaLaw {
  std::vector<double> x, mass;
  std::vector<double> slope;    // L'(x_k)
  std::vector<double> landing;  // x_k - h L'(x_k): where the next step is centred
  double deviation;             // sqrt(2 T h), the kernel's

  /// P(state < at), exact through the kernel.
  double below(double at) const;
  /// P(low <= state < high), without cancellation.
  double between(double low, double high) const;
  /// The same between each two of ascending edges.
  std::vector<double> cells(const std::vector<double>& edges) const;
};

/// None for d > 1, for losses that grow faster than quadratically (no invariant law exists), for h max L'' >= 2
/// (unstable) and where more than 40,000 points, or too wide a band of transitions between them, would be needed.
Answer<EulerMaruyamaLaw> euler_maruyama_law(const landscapes::Landscape& landscape, double temperature,
                                            double time_step);

/// Cells, basin weights, <L>, <theta>, <theta^2> of that law.
Answer<Prediction> euler_maruyama_prediction(const landscapes::Landscape& landscape, double temperature,
                                             double time_step, const std::vector<sde::DensityGrid>& grids);

}  // namespace kramers::analysis
