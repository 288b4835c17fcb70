#pragma once

#include <memory>
#include <string>
#include <vector>

#include "landscapes/device/device_dynamics.hpp"
#include "sde/device/device.hpp"

/// GPUs by CUDA, where nvcc >= 12 was at hand when kramers was built. Its kernels are in kernel.cuh.
namespace kramers::landscapes {

struct CudaGpu {
  int index;  // as CUDA counts them
  std::string name;
  double memory;  // [bytes]
};
/// The GPUs that these kernels run on.
struct CudaSurvey {
  std::vector<CudaGpu> devices;
  std::string problem;  // with one that cannot be used, and what to do
  std::string brief;    // why there are none, in a few words

  double memory() const {
    double sum = 0;
    for (const CudaGpu& gpu : devices) sum += gpu.memory;
    return sum;
  }
};
CudaSurvey survey_cuda();

/// The CUDA that is built in, "CUDA 12.2, for compute capability 9.0 and later"; empty: none.
std::string cuda_name();

/// What a process takes of a machine's GPUs: all where it is alone on it, or as one of several the one that falls to
/// it, with a share of its memory.
struct GpuShare {
  int process = 0, processes = 1;
};

/// One for each GPU that is taken. Throws std::runtime_error (a GPU's), or std::invalid_argument for what has no form
/// for a device.
template <sde::Real R>
std::vector<std::unique_ptr<sde::DeviceProgram<R>>> cuda_programs(const DeviceDynamics<R>& dynamics,
                                                                  const GpuShare& share = {});

}  // namespace kramers::landscapes
