#pragma once

#include <utility>
#include <vector>

#include "sde/quantity.hpp"
#include "sde/request.hpp"

namespace kramers::sde {

/// What split R-hat is computed from.
struct SplitRHatRequest final : Request {
  explicit SplitRHatRequest(std::vector<Quantity> quantities) : quantities(std::move(quantities)) {}

  std::vector<Quantity> quantities;

  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
