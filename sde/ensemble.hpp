#pragma once

#include <functional>
#include <optional>

#include "sde/ensemble_plan.hpp"
#include "sde/restart.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// Called between slabs of steps (a fraction of a second each) with the steps done by every trajectory and the number
/// of trajectories that diverged; returns false to stop.
using Monitor = std::function<bool(std::uint64_t steps_done, std::uint64_t diverged)>;

/// Simulates the ensemble, or the plan's part of it, blocks of lanes shared out among threads. Under a course `scheme`
/// has the parameters of step 0. The result is the same to the bit for any number of threads and any SIMD width, and
/// wherever it was cut and restarted. nullopt if the monitor stopped it before the last step. Throws std::runtime_error
/// for a state of another shape.
template <Real R>
std::optional<RunStatistics> simulate(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme,
                                      const EnsemblePlan& plan, const Monitor& monitor = {},
                                      const Restart& restart = {});

/// Threads that a run with this setting uses (0: all cores).
int thread_count(int setting);

}  // namespace kramers::sde
