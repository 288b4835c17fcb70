#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sde/device/gather_yield.hpp"
#include "sde/device/slab.hpp"
#include "sde/device/start_walkers.hpp"

namespace kramers::sde {

/// The largest dimension that a trajectory may have on a device.
inline constexpr int largest_device_dim = 64;

/// Memory, and threads that do jobs: a GPU, or the CPU in its stead. Errors are std::runtime_error. A job is plain
/// numbers and pointers into that memory; its operator()(t) is called for every t < count, in any order and at once.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::string name() const = 0;
  virtual std::size_t free_memory() const = 0;
  /// Zeros.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void release(void* memory) = 0;
  virtual void copy_in(void* to, const void* from, std::size_t bytes) = 0;
  virtual void copy_out(void* to, const void* from, std::size_t bytes) = 0;
};

/// A landscape, a scheme and noise on a device. Each job changes what it points to, nothing of the program, and is over
/// on return.
template <Real R>
class DeviceProgram {
 public:
  virtual ~DeviceProgram() = default;
  virtual int dim() const = 0;
  virtual int extra_rows() const = 0;
  virtual Device& device() const = 0;
  virtual void start(const StartWalkers<R>& job) const = 0;
  virtual void advance(const Slab<R>& slab) const = 0;
  virtual void gather(const GatherYield<R>& job) const = 0;
};

}  // namespace kramers::sde
