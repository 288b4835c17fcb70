#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "analysis/experiment_file/experiment_reader.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/results/results_file.hpp"
#include "analysis/verdict/assessment.hpp"
#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/ensemble.hpp"
#include "sde/replay.hpp"

namespace kramers::analysis {

/// A run at a multiple of the time step, on the noise of another: see companions.hpp.
struct Companion {
  int of, multiple;
};

/// One run of an experiment on its way: what was asked for, what is known beforehand, what was sampled, what it means.
struct StudiedRun {
  Run run;
  int index;  // in the sweep; companions follow
  std::optional<Companion> companion = {};
  std::shared_ptr<const landscapes::Landscape> landscape;
  std::shared_ptr<const landscapes::GradientNoise> noise;
  Theory theory;
  sde::RunStatistics statistics;  // after simulate()
  Assessment assessment;          // after judge()

  /// Its time step, and the normals that a step takes, in units of the experiment's.
  int multiple() const { return companion ? companion->multiple : 1; }
};

/// Landscapes and theory of all runs; nothing moves yet. Throws std::invalid_argument for what cannot be run.
/// before_each(run, runs) is called before each, which may take long.
std::vector<StudiedRun> prepare(const ExperimentFile& file, const std::function<void(int, int)>& before_each = {});

/// The scheme of a run, with its noise; with other parameters than the run's.
template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const StudiedRun& studied);
template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const StudiedRun& studied, sde::SchemeParameters parameters);

/// What moves the trajectories. `emulated`: what a GPU's threads would do, by the CPU: slow, for checking.
enum class Processor { cpu, cuda, emulated };

/// What computes: this process, which is one rank of those that simulate one shard of every run.
struct Engine {
  Processor processor = Processor::cpu;
  int threads = 0;  // 0: all cores
  sde::Part shard, rank;
  int rank_on_machine = 0, ranks_on_machine = 1;
};

/// Memory [bytes] that the runs need together of this machine, by all its ranks.
double bytes_needed(const std::vector<StudiedRun>& runs, const Engine& engine);

/// Trajectories of a run that fall to this process; to all ranks of its shard.
std::uint64_t trajectories_here(const StudiedRun& studied, const Engine& engine);
std::uint64_t trajectories_of_shard(const StudiedRun& studied, const Engine& engine);
/// The first of them, and the one after the last.
std::pair<std::uint64_t, std::uint64_t> trajectory_range(const StudiedRun& studied, const Engine& engine);

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

/// Throws, as sde::lengthened does, unless the run can go on from that state.
void check_continuable(const StudiedRun& studied, const Engine& engine, const sde::EnsembleState& state);

/// Throws std::runtime_error that names the file unless statistics from there can be of that run, or of a part of it.
void check_fits(const StudiedRun& studied, const sde::RunStatistics& statistics, const std::string& path);

/// Statistics of nothing yet: with `expected`, the samples due.
sde::RunStatistics due(const StudiedRun& studied);

/// sde::replay of one trajectory of the run.
std::optional<sde::Divergence> replay(const StudiedRun& studied, std::uint64_t trajectory, std::uint64_t last,
                                      const std::function<void(const sde::Moment&)>& show);

/// All that they are judged by together.
int comparisons_of(const std::vector<StudiedRun>& runs);

/// Fills `assessment` of every run and returns the worst decision.
Decision judge(std::vector<StudiedRun>& runs);

/// What goes into the results file.
Results collect(const ExperimentFile& file, const std::vector<StudiedRun>& runs);

/// The way back: prepared runs with the statistics of a results file, ready to be judged, with other settings of
/// [compare] perhaps.
struct Reread {
  ExperimentFile file;
  std::vector<StudiedRun> runs;
};
Reread reread(const Results& results, const std::vector<std::string>& overrides = {});

}  // namespace kramers::analysis
