#pragma once

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::landscapes {

/// A kind of gradient noise that can be asked for by name: a file of that name in this folder, and a line in
/// catalogue.cpp (and one in device_noise.hpp, where GPUs have it).
struct NoiseEntry {
  std::string name, summary, formula, source;
  std::vector<ParameterDescription> parameters;
  /// Throws ParameterError: unknown key, wrong type, impossible value. Parameters not given have their defaults.
  std::function<std::unique_ptr<GradientNoise>(const Parameters&, std::shared_ptr<const Landscape>)> make;
  bool needs_landscape = true;  // or else it may be null
  bool on_gpu = false;          // GPUs have it too, be it as DeviceNoise
};

using MadeNoise = std::unique_ptr<GradientNoise>;
using OfLandscape = std::shared_ptr<const Landscape>;

/// The value of a key that has no default.
const ParameterValue& required(const Parameters& given, const std::string& key, const std::string& allowed);

/// C is kept, and multiplied with, as a matrix. Throws where there are more dimensions than that allows.
inline constexpr int most_rows = 1000;
void require_matrices(const std::string& key, int d, int most = most_rows);

Eigen::MatrixXd matrix_of(const std::vector<std::vector<double>>& rows);

}  // namespace kramers::landscapes
