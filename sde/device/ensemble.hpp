#pragma once

#include <string>

#include "sde/device/device.hpp"
#include "sde/ensemble.hpp"

namespace kramers::sde {

/// Why a device cannot simulate the plan and record all that it asks for; empty: it can.
std::string plan_obstacle(const EnsemblePlan& plan);

/// The ensemble, or the plan's part of it, one trajectory a thread of the device, in chunks that fit its memory and
/// slabs of at most a tenth of a second. The result is that of `simulate` to the bit. nullopt if the monitor stopped
/// it. Throws std::invalid_argument where there is a plan_obstacle.
template <Real R>
std::optional<RunStatistics> simulate(const DeviceProgram<R>& program, const EnsemblePlan& plan,
                                      const Monitor& monitor = {}, const Restart& restart = {});

/// The same on several devices at once, each with a part of its own. The monitor is called by the caller's thread, with
/// the steps of the slowest. While the state is taken all of them wait between slabs.
template <Real R>
std::optional<RunStatistics> simulate(const std::vector<std::unique_ptr<DeviceProgram<R>>>& programs,
                                      const EnsemblePlan& plan, const Monitor& monitor = {},
                                      const Restart& restart = {});

}  // namespace kramers::sde
