#pragma once

#include "landscapes/device/device_model.hpp"
#include "landscapes/device/kernel.hpp"
#include "landscapes/list.hpp"

namespace kramers::landscapes {

/// No thread waits for another, so only the registers of a multiprocessor matter.
inline constexpr int threads_per_block = 128;

template <class Job>
__global__ void __launch_bounds__(threads_per_block) run(const __grid_constant__ Job job) {
  const std::uint64_t t = std::uint64_t(blockIdx.x) * threads_per_block + threadIdx.x;
  if (t < job.count) job(t);
}

template <class Job>
void launch(const Job& job) {
  const auto blocks = unsigned((job.count + threads_per_block - 1) / threads_per_block);
  run<Job><<<blocks, threads_per_block>>>(job);
}

/// Has the compiler make `launch` for every job, by taking their addresses; not called.
template <class R>
std::uintptr_t instantiate_all() {
  std::uintptr_t sum = 0;
  const auto instantiate = [&]<class Job>() { sum += reinterpret_cast<std::uintptr_t>(&launch<Job>); };
  instantiate.template operator()<sde::StartWalkers<R>>();
  instantiate.template operator()<sde::GatherYield<R>>();
  for_each_landscape([&]<class L>(const L*) {
    for_each_capacity<L>([&](auto capacity) {
      using Model = DeviceModel<L, R, decltype(capacity)::value>;
      for_each_device_motion<R>(
          [&]<class Scheme, class Noise>() { instantiate.template operator()<sde::Walk<Model, Scheme, Noise, R>>(); });
    });
  });
  return sum;
}

}  // namespace kramers::landscapes
