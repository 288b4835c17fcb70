#pragma once

#include <vector>

#include "sde/device/device.hpp"

namespace kramers::sde {

/// An array in the memory of a device.
template <class T>
class DeviceArray {
 public:
  /// Zeros.
  DeviceArray(Device& device, std::size_t size)
      : device_(device), size_(size), data_(static_cast<T*>(device.allocate(size * sizeof(T)))) {}
  DeviceArray(Device& device, const std::vector<T>& values) : DeviceArray(device, values.size()) { fill(values); }
  ~DeviceArray() { device_.release(data_); }
  DeviceArray(const DeviceArray&) = delete;

  T* data() const { return data_; }
  void fill(const std::vector<T>& values) { device_.copy_in(data_, values.data(), values.size() * sizeof(T)); }
  std::vector<T> values() const {
    std::vector<T> values(size_);
    device_.copy_out(values.data(), data_, size_ * sizeof(T));
    return values;
  }
  T at(std::size_t i) const {
    T value;
    device_.copy_out(&value, data_ + i, sizeof(T));
    return value;
  }

 private:
  Device& device_;
  std::size_t size_;
  T* data_;
};

}  // namespace kramers::sde
