#pragma once

#include "sde/device/device.hpp"
#include "sde/ensemble.hpp"

namespace kramers::sde {

/// The ensemble, or the plan's part of it, one trajectory a thread of the device, in chunks that fit its memory and
/// slabs of at most a tenth of a second. The result is that of `simulate` to the bit. nullopt if the monitor stopped
/// it.
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
