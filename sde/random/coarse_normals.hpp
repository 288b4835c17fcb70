#pragma once

#include <cstdint>

#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// The normals of `steps` steps, each as long as two of `fine`, that follow the same Brownian path. Rows of lanes as
/// BlockScheme::advance takes them, of schemes without Metropolis' rule: for each step and coordinate facts.normals of
/// them. The ones of a step stand for the path's increments over its equal parts, in order,
///
///     xi' = (xi_1 + xi_2) / sqrt(2)
///
/// or, under facts.time_integral, for the increment and I10 = int (W - W_0) dt = h^(3/2) (xi + zeta / sqrt(3)) / 2:
///
///     zeta' = (sqrt(3) (xi_1 - xi_2) + zeta_1 + zeta_2) / sqrt(8)
///
/// from I10' = I10_1 + I10_2 + h (W_1 - W_0). `coarse` may be `fine`.
/// Kloeden & Platen 1992, section 10.4.
template <Real R>
void coarsen(const SchemeFacts& facts, int dim, int steps, const R* fine, R* coarse);

/// In place: those of `steps` steps, each as long as `multiple` of what was there, a power of two.
template <Real R>
void coarsen_by(std::uint64_t multiple, const SchemeFacts& facts, int dim, int steps, R* normals) {
  for (std::uint64_t halves = multiple; halves > 1; halves /= 2)
    coarsen<R>(facts, dim, steps * int(halves / 2), normals, normals);
}

}  // namespace kramers::sde
