#pragma once

#include <vector>

#include "analysis/prediction/prediction.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// The stationary law of Euler-Maruyama with step h to first order in h, d <= 2, L smooth:
///
///     p_h ~ exp(-L/T) (1 + h (|grad L|^2 / (4 T) - laplacian L / 2))
///
/// flatter than Boltzmann-Gibbs. (Perturbation of the stationary density by the O(h) part of the one-step operator.)
/// None where d > 2 or where h is so large that p_h is negative at some point that holds mass: that h laplacian L < 2
/// at the minima is needed, much less is wanted.
Answer<Prediction> shadow_density(const landscapes::Landscape& landscape, double temperature, double time_step,
                                  const std::vector<sde::DensityGrid>& grids);

}  // namespace kramers::analysis
