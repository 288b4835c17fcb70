#include "landscapes/device/cuda.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#ifdef KRAMERS_CUDA
#include <cuda_runtime.h>

#include "landscapes/device/device_model.hpp"
#include "landscapes/device/kernel.hpp"
#endif

namespace kramers::landscapes {

namespace {

bool has_driver() {
  std::error_code error;
  return std::filesystem::exists("/proc/driver/nvidia/version", error);
}

}  // namespace

#ifdef KRAMERS_CUDA

namespace {

constexpr int built_for = KRAMERS_CUDA_ARCHITECTURE;

/// 90 -> "9.0"
std::string capability(int times_ten) { return std::to_string(times_ten / 10) + "." + std::to_string(times_ten % 10); }

/// What to do about an error of CUDA, where something can be done.
std::string advice(cudaError_t error) {
  switch (error) {
    case cudaErrorNoDevice:
      return "no NVIDIA GPU is visible here";
    case cudaErrorInsufficientDriver:
      return "there is no NVIDIA driver here, or it is older than this CUDA: install or update it where there is a GPU";
    case cudaErrorMemoryAllocation:
      return "the GPU's memory is full; end what else uses it, record less, or use --device cpu";
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
      return "build kramers for this GPU, with -DKRAMERS_CUDA_ARCHITECTURE=XY for compute capability X.Y";
    default:
      return "see the driver's log (dmesg), or use --device cpu";
  }
}

void check(cudaError_t error, const std::string& doing) {
  if (error == cudaSuccess) return;
  throw std::runtime_error("CUDA failed at " + doing + ": " + cudaGetErrorString(error) + "; " + advice(error));
}

class CudaDevice final : public sde::Device {
 public:
  CudaDevice(int index, int processes) : index_(index), processes_(processes) {
    cudaDeviceProp properties;
    check(cudaGetDeviceProperties(&properties, index), "looking at GPU " + std::to_string(index));
    name_ = properties.name;
    use();
  }

  std::string name() const override { return name_; }
  std::size_t free_memory() const override {
    use();
    std::size_t free, total;
    check(cudaMemGetInfo(&free, &total), "asking for free memory");
    return free / processes_;
  }
  void* allocate(std::size_t bytes) override {
    use();
    void* memory = nullptr;
    const std::string doing = "allocating " + std::to_string(bytes) + " bytes on " + name_;
    check(cudaMalloc(&memory, bytes == 0 ? 1 : bytes), doing);
    check(cudaMemset(memory, 0, bytes), doing);
    return memory;
  }
  void release(void* memory) override {
    // An error here was an earlier kernel's, and has been told of.
    cudaFree(memory);
  }
  void copy_in(void* to, const void* from, std::size_t bytes) override {
    use();
    check(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice), "copying to " + name_);
  }
  void copy_out(void* to, const void* from, std::size_t bytes) override {
    use();
    check(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost), "copying from " + name_);
  }

  template <class Job>
  void run(const Job& job) {
    use();
    launch(job);
    check(cudaGetLastError(), "launching " + job.name());
    check(cudaDeviceSynchronize(), job.name());
  }

 private:
  void use() const { check(cudaSetDevice(index_), "choosing GPU " + std::to_string(index_)); }
  int index_;
  int processes_;  // that share it
  std::string name_;
};

}  // namespace

CudaSurvey survey_cuda() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess)
    return {{},
            std::string(cudaGetErrorString(error)) + ": " + advice(error),
            has_driver() ? cudaGetErrorString(error) : "no NVIDIA driver"};
  CudaSurvey survey;
  if (count == 0) survey.problem = survey.brief = advice(cudaErrorNoDevice);
  for (int i = 0; i < count; ++i) {
    cudaDeviceProp properties;
    if (const cudaError_t failed = cudaGetDeviceProperties(&properties, i); failed != cudaSuccess) {
      survey.problem = "GPU " + std::to_string(i) + ": " + cudaGetErrorString(failed) + "; " + advice(failed);
    } else if (10 * properties.major + properties.minor < KRAMERS_CUDA_ARCHITECTURE) {
      survey.brief = std::string(properties.name) + " has compute capability " +
                     capability(10 * properties.major + properties.minor) + ", kramers was built for " +
                     capability(built_for);
      survey.problem = survey.brief + "; " + advice(cudaErrorNoKernelImageForDevice);
    } else {
      survey.devices.push_back({i, properties.name, double(properties.totalGlobalMem)});
    }
  }
  if (survey.brief.empty()) survey.brief = survey.problem;
  return survey;
}

std::string cuda_name() {
  return "CUDA " + std::to_string(CUDART_VERSION / 1000) + "." + std::to_string(CUDART_VERSION % 1000 / 10) +
         ", for compute capability " + capability(built_for) + " and later";
}

template <sde::Real R>
std::vector<std::unique_ptr<sde::DeviceProgram<R>>> cuda_programs(const DeviceDynamics<R>& dynamics,
                                                                  const GpuShare& share) {
  const CudaSurvey survey = survey_cuda();
  if (survey.devices.empty()) throw std::runtime_error(survey.problem);
  std::vector<std::unique_ptr<sde::DeviceProgram<R>>> programs;
  const int count = int(survey.devices.size());
  for (int g = 0; g < count; ++g) {
    if (share.processes > 1 && share.process % count != g) continue;
    const int sharing = (share.processes + count - 1 - g) / count;
    const auto device = std::make_shared<CudaDevice>(survey.devices[g].index, std::max(1, sharing));
    programs.push_back(device_program<R>(device, dynamics));
  }
  return programs;
}

#else

CudaSurvey survey_cuda() {
  return {{},
          "this kramers was built without CUDA; build it where nvcc >= 12 is in PATH, or use the CPU",
          has_driver() ? "built without CUDA" : "no NVIDIA driver"};
}

std::string cuda_name() { return ""; }

template <sde::Real R>
std::vector<std::unique_ptr<sde::DeviceProgram<R>>> cuda_programs(const DeviceDynamics<R>&, const GpuShare&) {
  throw std::runtime_error(survey_cuda().problem);
}

#endif

template std::vector<std::unique_ptr<sde::DeviceProgram<float>>> cuda_programs(const DeviceDynamics<float>&,
                                                                               const GpuShare&);
template std::vector<std::unique_ptr<sde::DeviceProgram<double>>> cuda_programs(const DeviceDynamics<double>&,
                                                                                const GpuShare&);

}  // namespace kramers::landscapes
