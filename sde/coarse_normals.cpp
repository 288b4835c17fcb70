#include "sde/coarse_normals.hpp"

#include <cmath>

namespace kramers::sde {

void coarsen(const SchemeFacts& facts, int dim, int steps, const double* fine, double* coarse) {
  const int n = facts.normals, step_rows = facts.numbers_per_step(dim);
  const double root_half = std::sqrt(0.5), root_3 = std::sqrt(3.0), root_8 = std::sqrt(8.0);
  for (int step = 0; step < steps; ++step)
    for (int i = 0; i < dim; ++i) {
      // Normal k of the first and of the second half.
      const auto half = [&](int k) { return fine + ((2 * step + k / n) * step_rows + i * n + k % n) * block_lanes; };
      for (int lane = 0; lane < block_lanes; ++lane) {
        double made[8];
        for (int k = 0; k < n; ++k) made[k] = root_half * (half(2 * k)[lane] + half(2 * k + 1)[lane]);
        if (facts.time_integral) {
          const double xi_1 = half(0)[lane], zeta_1 = half(1)[lane], xi_2 = half(2)[lane], zeta_2 = half(3)[lane];
          made[0] = root_half * (xi_1 + xi_2);
          made[1] = (root_3 * (xi_1 - xi_2) + zeta_1 + zeta_2) / root_8;
        }
        for (int k = 0; k < n; ++k) coarse[(step * step_rows + i * n + k) * block_lanes + lane] = made[k];
      }
    }
}

}  // namespace kramers::sde
