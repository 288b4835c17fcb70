#pragma once

#include <memory>
#include <string>

#include "landscapes/model/parameters.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::landscapes {

/// What a device is to simulate, landscape and scheme by name.
template <sde::Real R>
struct DeviceDynamics {
  std::string landscape;
  Parameters parameters;
  std::string scheme;
  sde::SchemeParameters scheme_parameters;
  std::shared_ptr<const sde::BlockNoise<R>> noise = nullptr;  // null: isotropic
};

}  // namespace kramers::landscapes
