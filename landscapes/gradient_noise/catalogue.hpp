#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::landscapes {

/// A kind of gradient noise that can be asked for by name.
struct NoiseEntry {
  std::string name, summary, formula, source;
  std::vector<ParameterDescription> parameters;
  /// Throws ParameterError: unknown key, wrong type, impossible value. Parameters not given have their defaults.
  std::function<std::unique_ptr<GradientNoise>(const Parameters&, std::shared_ptr<const Landscape>)> make;
  bool needs_landscape = true;  // or else it may be null
  bool on_gpu = false;          // GPUs have it too, be it as DeviceNoise
};

/// All kinds of noise. A new one is a file and an entry.
const std::vector<NoiseEntry>& noise_catalogue();

std::vector<std::string> device_noise_names();

/// Throws ParameterError for an unknown name.
const NoiseEntry& find_noise(const std::string& name);

}  // namespace kramers::landscapes
