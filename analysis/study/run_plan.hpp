#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "analysis/study/study.hpp"
#include "sde/ensemble_plan.hpp"
#include "sde/ensemble_state.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::analysis {

/// What moves the trajectories. `emulated`: what a GPU's threads would do, by the CPU: slow, for checking.
enum class Processor { cpu, cuda, emulated };

/// What computes: this process, which is one rank of those that simulate one shard of every run.
struct Engine {
  Processor processor = Processor::cpu;
  int threads = 0;  // 0: all cores
  sde::Part shard, rank;
  int rank_on_machine = 0, ranks_on_machine = 1;
};

/// What a run asks the ensemble for, of this process.
sde::EnsemblePlan plan_of(const StudiedRun& studied, const Engine& engine);

/// The noise of a run; null: isotropic.
template <sde::Real R>
std::shared_ptr<const sde::BlockNoise<R>> noise_of(const StudiedRun& studied);

/// The scheme of a run, with its noise; with other parameters than the run's.
template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const StudiedRun& studied);
template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const StudiedRun& studied, sde::SchemeParameters parameters);

/// Trajectories of a run that fall to this process; to all ranks of its shard.
std::uint64_t trajectories_here(const StudiedRun& studied, const Engine& engine);
std::uint64_t trajectories_of_shard(const StudiedRun& studied, const Engine& engine);
/// The first of them, and the one after the last.
std::pair<std::uint64_t, std::uint64_t> trajectory_range(const StudiedRun& studied, const Engine& engine);

/// Throws, as sde::lengthened does, unless the run can go on from that state.
void check_continuable(const StudiedRun& studied, const Engine& engine, const sde::EnsembleState& state);

/// Throws std::runtime_error that names the file unless statistics from there can be of that run, or of a part of it.
void check_fits(const StudiedRun& studied, const sde::RunStatistics& statistics, const std::string& path);

/// Statistics of nothing yet: with `expected`, the samples due.
sde::RunStatistics due(const StudiedRun& studied);

}  // namespace kramers::analysis
