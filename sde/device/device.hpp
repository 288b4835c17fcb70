#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sde/device/slab.hpp"

namespace kramers::sde {

/// The largest dimension that a trajectory may have on a device.
inline constexpr int largest_device_dim = 64;

/// Memory and threads that run walkers: a GPU, or the CPU in its stead. Errors are std::runtime_error.
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

/// A landscape, a scheme and noise on a device. `run` changes what the slab points to, and nothing of the program.
template <Real R>
class DeviceProgram {
 public:
  virtual ~DeviceProgram() = default;
  virtual int dim() const = 0;
  virtual int extra_rows() const = 0;
  virtual Device& device() const = 0;
  /// Every trajectory of the slab, and waits for them.
  virtual void run(const Slab<R>& slab) const = 0;
};

}  // namespace kramers::sde
