#pragma once

#include <functional>
#include <map>
#include <string>

#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"

namespace kramers::analysis {

/// Trajectory-steps per second of the shard, from a tenth of a second of what the rank that has most of it does, or
/// until `stop`.
double measure_rate(StudiedRun studied, Engine engine, const std::function<bool()>& stop = {},
                    const sde::Restart& restart = {});

/// A moment of a run, by a part of its trajectories on this processor: what it costs.
struct Cost {
  double burn_in_rate, sampled_rate;  // trajectory-steps per second
  double state_bytes;                 // of a checkpoint, each trajectory
  sde::RunStatistics statistics;      // in their full shape, all that is due included, as yet nearly empty
};
Cost measure_cost(const StudiedRun& studied, int threads);
/// Of that part.
Engine trial_engine(const StudiedRun& studied, int threads);

/// By the multiple of the time step: of the first run, and of its companions (companions.hpp).
using Costs = std::map<int, Cost>;
Costs measure_costs(const std::vector<StudiedRun>& runs, int threads);

/// Seconds that a run takes at the rates of its cost.
double seconds_needed(const StudiedRun& studied, const Costs& costs);

/// Sizes of files [bytes] of these runs, companions included. Counts, which are compressed, are taken as independent
/// samples of the predicted law would make them, or, where nothing is predicted, as equal shares of the bins.
struct FileSizes {
  double results;
  double checkpoint;  // during the last run, when it is largest
};
FileSizes file_sizes(const ExperimentFile& file, std::vector<StudiedRun> runs, const Costs& costs,
                     const std::map<std::string, std::string>& provenance);

}  // namespace kramers::analysis
