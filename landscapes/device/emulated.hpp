#pragma once

#include <memory>

#include "landscapes/device/device_dynamics.hpp"
#include "sde/device/device.hpp"

namespace kramers::landscapes {

/// What the device claims to have free [bytes].
inline constexpr std::size_t emulated_memory = std::size_t(1) << 30;

/// As a GPU's threads would run it, by the CPU: for checking, not for speed. Throws std::invalid_argument for what has
/// no form for a device.
template <sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> emulated_program(const DeviceDynamics<R>& dynamics,
                                                        std::size_t memory = emulated_memory);

}  // namespace kramers::landscapes
