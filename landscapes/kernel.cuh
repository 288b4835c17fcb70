#pragma once

#include "landscapes/device_model.hpp"
#include "landscapes/kernel.hpp"

namespace kramers::landscapes {

/// No walker waits for another, so only the registers of a multiprocessor matter.
inline constexpr int threads_per_block = 128;

template <class Model, class Scheme, class Noise, class R>
__global__ void __launch_bounds__(threads_per_block)
    walk(const __grid_constant__ Model model, const __grid_constant__ Scheme scheme,
         const __grid_constant__ Noise noise, const __grid_constant__ sde::Slab<R> slab) {
  const std::uint64_t t = std::uint64_t(blockIdx.x) * threads_per_block + threadIdx.x;
  if (t < slab.count) sde::Walker<Model, Scheme, Noise, R>(model, scheme, noise, slab, t).run();
}

template <class Model, class Scheme, class Noise, class R>
void launch(const Model& model, const Scheme& scheme, const Noise& noise, const sde::Slab<R>& slab) {
  const auto blocks = unsigned((slab.count + threads_per_block - 1) / threads_per_block);
  walk<Model, Scheme, Noise, R><<<blocks, threads_per_block>>>(model, scheme, noise, slab);
}

/// Has the compiler make `launch` for every landscape, scheme and noise for GPUs, by taking their addresses; not
/// called.
template <class R>
std::uintptr_t instantiate_all() {
  std::uintptr_t sum = 0;
  for_each_model<R>([&]<class Model>(const Model*) {
    for_each_device_motion<R>([&]<class Scheme, class Noise>() {
      sum += reinterpret_cast<std::uintptr_t>(&launch<Model, Scheme, Noise, R>);
    });
  });
  return sum;
}

}  // namespace kramers::landscapes
