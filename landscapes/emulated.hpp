#pragma once

#include <memory>
#include <string>

#include "landscapes/parameters.hpp"
#include "sde/device/device.hpp"

namespace kramers::landscapes {

/// What the device claims to have free [bytes].
inline constexpr std::size_t emulated_memory = std::size_t(1) << 30;

/// The landscape and the scheme, by name, as a GPU's threads would run them, by the CPU: for checking, not for speed.
/// Throws std::invalid_argument for what has no form for a device.
template <sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> emulated_program(const std::string& landscape, const Parameters& parameters,
                                                        const std::string& scheme,
                                                        const sde::SchemeParameters& scheme_parameters,
                                                        std::size_t memory = emulated_memory);

}  // namespace kramers::landscapes
