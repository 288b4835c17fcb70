#pragma once

#include <array>
#include <utility>
#include <vector>

#include "sde/request.hpp"

namespace kramers::sde {

/// The rate at which trajectories sweep area in planes.
struct AreaRateRequest final : Request {
  explicit AreaRateRequest(std::vector<std::array<int, 2>> pairs) : pairs(std::move(pairs)) {}

  std::vector<std::array<int, 2>> pairs;  // of axes

  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
