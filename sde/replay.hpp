#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sde/ensemble.hpp"

namespace kramers::sde {

/// A trajectory after so many steps, from the start.
struct Moment {
  std::uint64_t step = 0;
  std::vector<double> theta;  // floats are doubles too
  double loss = 0;
};

/// One trajectory of the plan's ensemble again, to the bit, whatever computed it: its block alone, on this processor.
/// Shows the moments 0, 1, ... up to step `last` <= plan.total_steps(), or up to the last good one before the
/// trajectory diverged; returns that divergence. A trajectory leaves where the ensemble would have noticed it: at
/// the plan's events, not where it came back before one.
/// Throws std::invalid_argument where the plan has no such trajectory or no such step.
template <Real R>
std::optional<Divergence> replay(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme,
                                 const EnsemblePlan& plan, std::uint64_t trajectory, std::uint64_t last,
                                 const std::function<void(const Moment&)>& show);

}  // namespace kramers::sde
