#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "landscapes/device/device_dynamics.hpp"
#include "landscapes/list.hpp"
#include "sde/device/device.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::landscapes {

/// The landscape L on a device D: defined in device_model.hpp, compiled where that is included. Null where no GPU has
/// the noise. Throws std::invalid_argument beyond sde::largest_device_dim.
template <class L, class D, sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> program_of(const std::shared_ptr<D>& device, const DeviceDynamics<R>& dynamics);

/// On a device. Throws std::invalid_argument beyond sde::largest_device_dim, and for schemes and noise that do not run
/// there.
template <sde::Real R, class D>
std::unique_ptr<sde::DeviceProgram<R>> device_program(std::shared_ptr<D> device, const DeviceDynamics<R>& dynamics) {
  const bool shaped = dynamics.noise != nullptr;
  if (!sde::runs_on_device(dynamics.scheme, shaped)) {
    std::string allowed;
    for (const std::string& name : sde::device_scheme_names(shaped)) allowed += name + ", ";
    throw std::invalid_argument("scheme '" + dynamics.scheme + "' on a GPU" +
                                (shaped ? " under noise that is not isotropic" : "") + "; allowed: " + allowed +
                                "or --device cpu");
  }
  std::unique_ptr<sde::DeviceProgram<R>> program;
  bool known = false;
  for_each_landscape([&]<class L>(const L*) {
    if (dynamics.landscape != L::name) return;
    known = true;
    program = program_of<L, D, R>(device, dynamics);
  });
  if (!known) throw std::invalid_argument("there is no landscape '" + dynamics.landscape + "'");
  if (!program) throw std::invalid_argument("this kind of noise on a GPU; allowed: --device cpu");
  return program;
}

}  // namespace kramers::landscapes
