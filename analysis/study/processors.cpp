#include "analysis/study/processors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "analysis/experiment/rates.hpp"
#include "landscapes/device/cuda.hpp"
#include "landscapes/device/emulated.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "sde/device/ensemble.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

template <sde::Real R>
std::optional<sde::RunStatistics> simulate_in(const StudiedRun& studied, const sde::BlockLandscape<R>& landscape,
                                              const Engine& engine, const sde::Monitor& monitor,
                                              const sde::Restart& restart) {
  const auto& [name, given] = studied.run.experiment.landscape;
  const landscapes::DeviceDynamics<R> dynamics{name, given, studied.run.experiment.dynamics.scheme,
                                               scheme_parameters(studied.run.experiment), noise_of<R>(studied)};
  const sde::EnsemblePlan plan = plan_of(studied, engine);
  switch (engine.processor) {
    case Processor::cpu:
      break;
    case Processor::cuda: {
      const landscapes::GpuShare share{engine.rank_on_machine, engine.ranks_on_machine};
      return sde::simulate<R>(landscapes::cuda_programs<R>(dynamics, share), plan, monitor, restart);
    }
    case Processor::emulated:
      return sde::simulate<R>(*landscapes::emulated_program<R>(dynamics), plan, monitor, restart);
  }
  return sde::simulate<R>(landscape, *scheme_of<R>(studied), plan, monitor, restart);
}

}  // namespace

double bytes_needed(const std::vector<StudiedRun>& runs, const Engine& engine) {
  // A device holds no more trajectories at a time than it has memory for: a checkpoint copies so many, and a restart.
  double at_a_time = std::numeric_limits<double>::infinity();
  if (engine.processor == Processor::emulated) at_a_time = 2 * double(landscapes::emulated_memory);
  if (engine.processor == Processor::cuda) at_a_time = landscapes::survey_cuda().memory() / engine.ranks_on_machine;
  double trajectories = 0, records = 0;
  for (const StudiedRun& studied : runs) {
    const Experiment& e = studied.run.experiment;
    const int extra_rows = scheme_of<double>(studied)->extra_rows(studied.landscape->dim());
    const std::size_t number = e.ensemble.precision == Precision::single_precision ? sizeof(float) : sizeof(double);
    const sde::BytesNeeded run =
        sde::bytes_needed(plan_of(studied, engine), studied.landscape->dim(), extra_rows, number);
    trajectories = std::max(trajectories, std::min(run.trajectories, at_a_time));
    records += run.records + (e.checkpoint.keep ? run.final_state : 0);
  }
  return (trajectories + records) * engine.ranks_on_machine;
}

std::string device_obstacle(const std::vector<StudiedRun>& runs) {
  for (const StudiedRun& studied : runs) {
    const auto& dynamics = studied.run.experiment.dynamics;
    if (const int dim = studied.landscape->dim(); dim > sde::largest_device_dim)
      return fmt::format("the landscape has dimension {}; allowed on a GPU: up to {}", dim, sde::largest_device_dim);
    const auto& [noise, scheme] = std::tie(dynamics.noise.kind, dynamics.scheme);
    if (!landscapes::find_noise(noise).on_gpu)
      return fmt::format("the noise is {}; allowed on a GPU: {}", noise,
                         fmt::join(landscapes::device_noise_names(), ", "));
    const bool shaped = studied.noise->structure() != sde::NoiseStructure::isotropic;
    if (!sde::runs_on_device(scheme, shaped))
      return fmt::format("the scheme is {}; allowed on a GPU{}: {}", scheme, shaped ? " under noise " + noise : "",
                         fmt::join(sde::device_scheme_names(shaped), ", "));
    sde::EnsemblePlan plan = plan_of(studied, {});
    for (const int multiple : studied.run.experiment.compare.step_multiples) plan.noise_per_step = multiple;  // to come
    if (const std::string obstacle = sde::plan_obstacle(plan); !obstacle.empty()) return obstacle;
    if (const auto& basins = studied.landscape->basins(); basins && basins->raster)
      return "the basins are those by gradient flow; allowed on a GPU: those that the landscape states";
  }
  return "";
}

GpuObstacles gpu_obstacles(const std::vector<StudiedRun>& runs, const Engine& engine) {
  const landscapes::CudaSurvey survey = landscapes::survey_cuda();
  if (survey.devices.empty()) return {survey.problem, "", survey.brief};
  GpuObstacles obstacles{device_obstacle(runs), "", ""};
  obstacles.brief = obstacles.impossible;
  const std::size_t gpus = engine.ranks_on_machine == 1 ? survey.devices.size() : 1;
  for (const StudiedRun& studied : runs)
    if (const std::uint64_t each = trajectories_here(studied, engine) / gpus; each < least_gpu_trajectories)
      obstacles.unwise = "with " + std::to_string(each) + " trajectories a GPU is not worth it; worth it from " +
                         std::to_string(least_gpu_trajectories);
  return obstacles;
}

std::string device_name(const Engine& engine) {
  if (engine.processor == Processor::cpu) return "cpu";
  if (engine.processor == Processor::emulated) return "emulated";
  std::set<std::string> names;
  for (const landscapes::CudaGpu& gpu : landscapes::survey_cuda().devices) names.insert(gpu.name);
  return fmt::format("cuda: {}", fmt::join(names, ", "));
}

bool simulate(StudiedRun& studied, const Engine& engine, const sde::Monitor& monitor, const sde::Restart& restart) {
  auto statistics = studied.run.experiment.ensemble.precision == Precision::single_precision
                        ? simulate_in<float>(studied, studied.landscape->block_single(), engine, monitor, restart)
                        : simulate_in<double>(studied, studied.landscape->block_double(), engine, monitor, restart);
  if (!statistics) return false;
  studied.statistics = std::move(*statistics);
  return true;
}

std::optional<sde::Divergence> replay(const StudiedRun& studied, std::uint64_t trajectory, std::uint64_t last,
                                      const std::function<void(const sde::Moment&)>& show) {
  const sde::EnsemblePlan plan = plan_of(studied, {});
  const landscapes::Landscape& landscape = *studied.landscape;
  return studied.run.experiment.ensemble.precision == Precision::single_precision
             ? sde::replay<float>(landscape.block_single(), *scheme_of<float>(studied), plan, trajectory, last, show)
             : sde::replay<double>(landscape.block_double(), *scheme_of<double>(studied), plan, trajectory, last, show);
}

}  // namespace kramers::analysis
