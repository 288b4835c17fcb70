#pragma once

#include <vector>

#include "sde/request.hpp"

namespace kramers::sde {

/// The mean of |theta_0|.
struct MeanSizeRequest final : Request {
  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
