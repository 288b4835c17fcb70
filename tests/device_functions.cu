// Compiled, not run: every function that a CUDA kernel will call compiles for a device. One trajectory a thread, the
// same noise, gradients and schemes as the CPU's blocks.

#include "landscapes/asymmetric_double_well.hpp"
#include "landscapes/mueller_brown.hpp"
#include "landscapes/quartic.hpp"
#include "landscapes/tilted_quartic.hpp"
#include "sde/box_muller.hpp"
#include "sde/philox.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/leimkuhler_matthews.hpp"

namespace {

using namespace kramers;

template <class Formula, class Scheme, class R, int dim>
__global__ void steps(Formula formula, Scheme scheme, std::uint64_t seed, std::uint64_t count, R* theta) {
  const unsigned trajectory = blockIdx.x * blockDim.x + threadIdx.x;
  sde::Vec<R, dim> x;
  for (int i = 0; i < dim; ++i) x[i] = theta[trajectory * dim + i];
  R kept = 0;
  for (std::uint64_t call = 0; call < count; ++call) {
    const sde::PhiloxWords<std::uint64_t> words = sde::philox(
        sde::PhiloxWords<std::uint64_t>{{call & 0xffffffff, call >> 32, trajectory, 0}}, sde::PhiloxKey::of_seed(seed));
    sde::NormalPair<R> xi;
    if constexpr (sizeof(R) == 8)
      xi = sde::box_muller<R>(words.w[0] << 32 | words.w[1], words.w[2] << 32 | words.w[3]);
    else
      xi = sde::box_muller<R>(std::uint32_t(words.w[0]), std::uint32_t(words.w[2]));
    const sde::Vec<R, dim> gradient = formula.gradient(x);
    for (int i = 0; i < dim; ++i) {
      sde::Element<R, Scheme::extra> e{x[i], gradient[i], i % 2 ? xi.sine : xi.cosine, {kept}};
      scheme.move(e);
      x[i] = e.x;
      kept = e.extra[0];
    }
  }
  for (int i = 0; i < dim; ++i) theta[trajectory * dim + i] = x[i] + formula.value(x);
}

template <class R, class L>
void launch(const L& landscape, R* theta) {
  const auto formula = landscapes::formula_of<R>(landscape);
  using Formula = decltype(formula);
  const sde::SchemeParameters parameters{0.01, 0.1};
  steps<Formula, sde::EulerMaruyama<R>, R, L::dim>
      <<<1, 64>>>(formula, sde::EulerMaruyama<R>(parameters), 1, 100, theta);
  steps<Formula, sde::LeimkuhlerMatthews<R>, R, L::dim>
      <<<1, 64>>>(formula, sde::LeimkuhlerMatthews<R>(parameters), 1, 100, theta);
}

template <class... L>
void launch_all(double* theta_double, float* theta_single) {
  (launch<double>(L{}, theta_double), ...);
  (launch<float>(L{}, theta_single), ...);
}

}  // namespace

void launch_everything(double* theta_double, float* theta_single) {
  launch_all<landscapes::AsymmetricDoubleWell, landscapes::MuellerBrown, landscapes::Quartic,
             landscapes::TiltedQuartic>(theta_double, theta_single);
}
