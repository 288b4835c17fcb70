#include "landscapes/device/emulated.hpp"

#include "landscapes/device/device_program.hpp"
#include "sde/device/host_device.hpp"

namespace kramers::landscapes {

template <sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> emulated_program(const DeviceDynamics<R>& dynamics, std::size_t memory) {
  return device_program<R>(std::make_shared<sde::HostDevice>(memory), dynamics);
}

template std::unique_ptr<sde::DeviceProgram<float>> emulated_program<float>(const DeviceDynamics<float>&, std::size_t);
template std::unique_ptr<sde::DeviceProgram<double>> emulated_program<double>(const DeviceDynamics<double>&,
                                                                              std::size_t);

}  // namespace kramers::landscapes
