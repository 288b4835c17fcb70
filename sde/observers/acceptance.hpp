#pragma once

#include <vector>

#include "sde/request.hpp"

namespace kramers::sde {

/// How often the proposals of a step are accepted: for schemes with Metropolis' rule.
struct AcceptanceRequest final : Request {
  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
