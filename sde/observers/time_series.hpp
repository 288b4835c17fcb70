#pragma once

#include <utility>
#include <vector>

#include "sde/quantity.hpp"
#include "sde/request.hpp"

namespace kramers::sde {

/// Means and variances of quantities in stretches of time.
struct TimeSeriesRequest final : Request {
  TimeSeriesRequest(std::vector<Quantity> quantities, int bins) : quantities(std::move(quantities)), bins(bins) {}

  std::vector<Quantity> quantities;
  int bins;  // of about as many samples each

  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
