#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/study/run_plan.hpp"
#include "sde/ensemble.hpp"
#include "sde/replay.hpp"

namespace kramers::analysis {

/// Memory [bytes] that the runs need together of this machine, by all its ranks.
double bytes_needed(const std::vector<StudiedRun>& runs, const Engine& engine);

/// Below this many trajectories a GPU is not worth its launches: a tenth of the threads that it could have in flight.
inline constexpr std::uint64_t least_gpu_trajectories = 16384;

/// Why these runs cannot go to a device, be it a GPU or the CPU in its stead; empty: they can.
std::string device_obstacle(const std::vector<StudiedRun>& runs);

/// Why these runs cannot or should not go to the GPUs here; empty: they may.
struct GpuObstacles {
  std::string impossible, unwise;
  std::string brief;  // of what is impossible, in a few words
};
GpuObstacles gpu_obstacles(const std::vector<StudiedRun>& runs, const Engine& engine);

/// What computes, in words: "cpu", "cuda: " and the names of the machine's GPUs, or "emulated".
std::string device_name(const Engine& engine);

/// Fills `statistics`; false if the monitor stopped it.
bool simulate(StudiedRun& studied, const Engine& engine, const sde::Monitor& monitor, const sde::Restart& restart = {});

/// sde::replay of one trajectory of the run.
std::optional<sde::Divergence> replay(const StudiedRun& studied, std::uint64_t trajectory, std::uint64_t last,
                                      const std::function<void(const sde::Moment&)>& show);

}  // namespace kramers::analysis
