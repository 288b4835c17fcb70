#include "landscapes/emulated.hpp"

#include "landscapes/device_model.hpp"
#include "sde/device/host_device.hpp"

// Every landscape by every scheme for GPUs: two minutes of compilation, and so in a file of its own.

namespace kramers::landscapes {

template <sde::Real R>
std::unique_ptr<sde::DeviceProgram<R>> emulated_program(const std::string& landscape, const Parameters& parameters,
                                                        const std::string& scheme,
                                                        const sde::SchemeParameters& scheme_parameters,
                                                        std::size_t memory) {
  return device_program<R>(std::make_shared<sde::HostDevice>(memory), landscape, parameters, scheme, scheme_parameters);
}

#define KRAMERS_INSTANTIATE(R)                                         \
  template std::unique_ptr<sde::DeviceProgram<R>> emulated_program<R>( \
      const std::string&, const Parameters&, const std::string&, const sde::SchemeParameters&, std::size_t);
KRAMERS_INSTANTIATE(float)
KRAMERS_INSTANTIATE(double)
#undef KRAMERS_INSTANTIATE

}  // namespace kramers::landscapes
