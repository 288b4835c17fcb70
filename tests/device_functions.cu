// Compiled, not run: every function that a CUDA kernel will call compiles for a device. One trajectory a thread, the
// same noise, gradients and schemes as the CPU's blocks.

#include "landscapes/asymmetric_double_well.hpp"
#include "landscapes/mueller_brown.hpp"
#include "landscapes/quartic.hpp"
#include "landscapes/tilted_quartic.hpp"
#include "sde/schemes/types.hpp"
#include "sde/trajectory.hpp"

namespace {

using namespace kramers;

template <class L, class Formula, class Scheme, class R>
__global__ void steps(Formula formula, Scheme scheme, sde::Stream stream, std::uint64_t count, R* theta) {
  constexpr int dim = L::dim;
  const unsigned trajectory = blockIdx.x * blockDim.x + threadIdx.x;
  R* x = theta + trajectory * dim;
  R kept[dim * (Scheme::extra + 1)] = {};
  sde::NormalRow<R> normals(stream, trajectory, 0);
  const auto gradient = [&](const R* at, R* g) { landscapes::gradient_into<R, L>(formula, at, g); };
  sde::advance_trajectory<dim>(scheme, gradient, dim, count, normals, x, kept);
  x[0] = landscapes::value_from<R, L>(formula, x);
}

template <class R, class L>
void launch(const L& landscape, R* theta) {
  const auto formula = landscapes::formula_of<R>(landscape);
  sde::Schemes::for_each([&]<template <class> class Scheme>() {
    steps<L><<<1, 64>>>(formula, Scheme<R>(sde::SchemeParameters{0.01, 0.1}), sde::Stream{1}, 100, theta);
  });
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
