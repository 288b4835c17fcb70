#pragma once

#include <vector>

#include "sde/request.hpp"

namespace kramers::sde {

/// The temperature of every coordinate, by the scheme's own estimator.
struct FluctuationDissipationRequest final : Request {
  explicit FluctuationDissipationRequest(int dim) : dim(dim) {}

  int dim;  // of the landscape

  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
