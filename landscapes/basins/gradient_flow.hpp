#pragma once

#include <cstdint>

#include "landscapes/model/landscape.hpp"

namespace kramers::landscapes {

/// Where the gradient flow of a block of points leads,
///
///     d theta / dt = -grad L(theta)
///
/// by Boost.Odeint's Dormand-Prince method of order 5(4), the same steps for all lanes; error of a step 1e-6 of
/// theta or of the distance between the nearest minima. theta: d rows, moved along; minimum[lane]: index into minima()
/// of the one that is reached, -1 for a point that reaches none (on a saddle, on its way to infinity, where L is not
/// finite).
///
/// A point has reached a minimum within a hundredth of the distance to its nearest neighbour and, where the loss of the
/// lowest saddle around it is known, below that: no flow leaves again.
void follow_gradient_flow(const Landscape& landscape, double* theta, std::int32_t* minimum);

}  // namespace kramers::landscapes
