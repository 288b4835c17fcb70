#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/study/study.hpp"

namespace kramers::analysis {

/// `ensemble.until`: a run as long as an error of the total variation asks for. A pilot measures the error e_p of
/// n_p trajectories over s_p steps; a run of n trajectories then has
///
///     steps = s_p (n_p / n) (e_p / e)^2,   e the error that is asked for,
///
/// rounded up to a multiple of sample_every, and at least a quarter of the pilot's. Errors fall as one over the root of
/// the number of trajectories, exactly, and of the time, once it is long: after t relaxation times the pilot's is
/// smaller than that by one part in 2 t, 2.5 %.
///
/// It is no peeking: the pilot's samples, which are of noise of their own, are thrown away; its error is the spread
/// between replicates, whatever they spread around, so that not even the pilot has compared anything to a prediction;
/// and the run is looked at once. With 64 replicates an error is known to one part in sqrt(2 * 63), 9 %, by the pilot
/// and by the run, so what is reached differs from what was asked for by 13 %, and is above it half of the time.
///
/// A pilot depends on the seed and on the experiment alone, so every shard and rank finds the same.

/// The pilot of a run: after the same burn-in, 20 relaxation times or pilot_steps, by 8 trajectories or more, as many
/// of each start point, in each replicate, as far as the run has them; densities alone are recorded. Its noise is that
/// of the seed + 2^63, which is no experiment's.
StudiedRun pilot_of(const StudiedRun& studied);

/// Why a run's length cannot be left to a pilot; empty: it can.
std::string pilot_obstacle(const StudiedRun& studied);

/// What follows from the error that a pilot found, or is expected to find; no more steps than longest_run.
DecidedLength length_for(const StudiedRun& studied, const StudiedRun& pilot, double pilot_error);

/// By a pilot on this processor. nullopt if the monitor stopped it.
std::optional<DecidedLength> decide_length(const StudiedRun& studied, int threads, const sde::Monitor& monitor = {});

/// By theory, where it knows the error (analysis/study/forecast.hpp).
std::optional<DecidedLength> expected_length(const StudiedRun& studied);

/// Whether pilots are still to come.
bool is_undecided(const ExperimentFile& file);

/// The experiment, from the text that was read and the same overrides, with a length for each run; as given it stays as
/// it was.
ExperimentFile with_lengths(const ExperimentFile& undecided, std::vector<std::string> overrides,
                            const std::vector<DecidedLength>& lengths);

}  // namespace kramers::analysis
