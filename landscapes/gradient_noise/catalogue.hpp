#pragma once

#include <string>
#include <vector>

#include "landscapes/gradient_noise/entry.hpp"

namespace kramers::landscapes {

const std::vector<NoiseEntry>& noise_catalogue();

std::vector<std::string> device_noise_names();

/// Throws ParameterError for an unknown name.
const NoiseEntry& find_noise(const std::string& name);

}  // namespace kramers::landscapes
