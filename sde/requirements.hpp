#pragma once

#include <stdexcept>
#include <string>

#include "sde/ensemble_plan.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::sde {

/// Throws std::invalid_argument where the scheme or the plan needs what the landscape does not have.
template <Real R>
void require_parts(const BlockLandscape<R>& landscape, const SchemeFacts& scheme, const EnsemblePlan& plan) {
  if (scheme.needs_hessian && !landscape.hessian())
    throw std::invalid_argument("the scheme " + std::string(scheme.name) +
                                " needs the Hessian of the loss, which this landscape does not have");
  if (plan.minima > 0 && !landscape.basins())
    throw std::invalid_argument("basins of minima are to be told apart, which this landscape does not know");
}

}  // namespace kramers::sde
