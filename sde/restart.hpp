#pragma once

#include <cstdint>
#include <functional>

#include "sde/ensemble_plan.hpp"
#include "sde/ensemble_state.hpp"

namespace kramers::sde {

/// What a run goes on from, and who takes its state. All may be empty.
struct Restart {
  const EnsembleState* from = nullptr;  // of this run, or of one with fewer steps that is finished
  bool counts_too = true;               // of several parts that go on from one state, one takes over its statistics
  std::function<bool()> wants;          // asked between slabs, before the monitor: shall the state be taken?
  std::function<void(const EnsembleState&)> take;
  std::function<void(const EnsembleState&)> last;  // is shown the state after the last step
  bool last_looks_at_states = true;                // else at nothing of it, and devices need not keep them
  std::uint64_t longest_slab = ~std::uint64_t(0);  // steps

  bool keeps_final_states() const { return last && last_looks_at_states; }
};

/// Statistics of a finished run that had fewer steps, as the beginning of the plan's run; those of a run of the same
/// length as they are. Throws std::runtime_error for another number of groups, replicates or grids;
/// std::invalid_argument where the plan's run is shorter, and where what was recorded divides up the whole run.
RunStatistics lengthened(RunStatistics statistics, const EnsemblePlan& plan);

}  // namespace kramers::sde
