#pragma once

#include "landscapes/device_model.hpp"
#include "landscapes/kernel.hpp"

namespace kramers::landscapes {

/// No walker waits for another, so only the registers of a multiprocessor matter.
inline constexpr int threads_per_block = 128;

template <class Model, class Scheme, class R>
__global__ void __launch_bounds__(threads_per_block)
    walk(const __grid_constant__ Model model, const __grid_constant__ Scheme scheme,
         const __grid_constant__ sde::Slab<R> slab) {
  const std::uint64_t t = std::uint64_t(blockIdx.x) * threads_per_block + threadIdx.x;
  if (t < slab.count) sde::Walker<Model, Scheme, R>(model, scheme, slab, t).run();
}

template <class Model, class Scheme, class R>
void launch(const Model& model, const Scheme& scheme, const sde::Slab<R>& slab) {
  const auto blocks = unsigned((slab.count + threads_per_block - 1) / threads_per_block);
  walk<Model, Scheme, R><<<blocks, threads_per_block>>>(model, scheme, slab);
}

/// Has the compiler make `launch` for every landscape and scheme for GPUs, by taking their addresses; not called.
template <class R>
std::uintptr_t instantiate_all() {
  std::uintptr_t sum = 0;
  for_each_model<R>([&]<class Model>(const Model*) {
    sde::DeviceSchemes::for_each([&]<template <class> class Scheme>() {
      sum += reinterpret_cast<std::uintptr_t>(&launch<Model, Scheme<R>, R>);
    });
  });
  return sum;
}

}  // namespace kramers::landscapes
