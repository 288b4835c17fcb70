#include "sde/random/coarse_normals.hpp"

#include <cmath>

namespace kramers::sde {
namespace {

const double root_half = std::sqrt(0.5), root_3 = std::sqrt(3.0), root_8 = std::sqrt(8.0);

/// sum may be a.
template <Real R>
void add_up(const R* a, const R* b, R* sum) {
  for (int lane = 0; lane < block_lanes; ++lane) sum[lane] = R(root_half * (double(a[lane]) + double(b[lane])));
}

/// Of the increments and time integrals of both halves; xi and zeta may be those of the first.
template <Real R>
void add_up_integrals(const R* xi_1, const R* zeta_1, const R* xi_2, const R* zeta_2, R* xi, R* zeta) {
  for (int lane = 0; lane < block_lanes; ++lane) {
    const double first = xi_1[lane], second = xi_2[lane];
    zeta[lane] = R((root_3 * (first - second) + double(zeta_1[lane]) + double(zeta_2[lane])) / root_8);
    xi[lane] = R(root_half * (first + second));
  }
}

}  // namespace

template <Real R>
void coarsen(const SchemeFacts& facts, int dim, int steps, const R* fine, R* coarse) {
  const int n = facts.normals, step_rows = facts.numbers_per_step(dim);
  for (int step = 0; step < steps; ++step)
    for (int i = 0; i < dim; ++i) {
      // Normal k of the first and of the second half; no row is written before it is read.
      const auto half = [&](int k) { return fine + ((2 * step + k / n) * step_rows + i * n + k % n) * block_lanes; };
      R* made = coarse + (step * step_rows + i * n) * block_lanes;
      if (facts.time_integral)
        add_up_integrals(half(0), half(1), half(2), half(3), made, made + block_lanes);
      else
        for (int k = 0; k < n; ++k) add_up(half(2 * k), half(2 * k + 1), made + k * block_lanes);
    }
}

template void coarsen(const SchemeFacts&, int, int, const float*, float*);
template void coarsen(const SchemeFacts&, int, int, const double*, double*);

}  // namespace kramers::sde
