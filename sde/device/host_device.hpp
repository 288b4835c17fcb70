#pragma once

#include <cstdlib>
#include <cstring>
#include <new>

#include "sde/device/device.hpp"

namespace kramers::sde {

/// The CPU in a GPU's stead: the same jobs, one thread after the other. For checking, not for speed.
class HostDevice final : public Device {
 public:
  /// `memory` [bytes]: what it claims to have free, so that tests can have small chunks.
  explicit HostDevice(std::size_t memory) : memory_(memory) {}

  std::string name() const override { return "the CPU, as a device"; }
  std::size_t free_memory() const override { return memory_; }
  void* allocate(std::size_t bytes) override {
    void* memory = std::calloc(bytes == 0 ? 1 : bytes, 1);
    if (!memory) throw std::bad_alloc();
    return memory;
  }
  void release(void* memory) override { std::free(memory); }
  void copy_in(void* to, const void* from, std::size_t bytes) override {
    if (bytes > 0) std::memcpy(to, from, bytes);
  }
  void copy_out(void* to, const void* from, std::size_t bytes) override { copy_in(to, from, bytes); }

  template <class Job>
  void run(const Job& job) {
    for (std::uint64_t t = job.count; t-- > 0;) job(t);  // no job may count on an order
  }

 private:
  std::size_t memory_;
};

}  // namespace kramers::sde
