#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sde/quantity.hpp"
#include "sde/request.hpp"

namespace kramers::sde {

/// The autocorrelation of quantities from sample to sample, along some trajectories of every replicate, and how the
/// means of all trajectories scatter.
struct AutocorrelationRequest final : Request {
  AutocorrelationRequest(std::vector<Quantity> quantities, std::uint64_t trajectories, std::uint64_t longest_lag)
      : quantities(std::move(quantities)), trajectories(trajectories), longest_lag(longest_lag) {}

  std::vector<Quantity> quantities;
  std::uint64_t trajectories;  // that are followed, shared out evenly among the replicates
  std::uint64_t longest_lag;   // samples

  /// As many in every replicate as are asked for, neighbours, so that all start points take part, and from another
  /// place in each.
  bool follows(const EnsemblePlan& plan, std::uint64_t trajectory) const;
  /// Samples of a stretch of a trajectory: about a quarter of it where the longest lag is half of it.
  std::uint64_t stretch_length() const { return (longest_lag + 1) / 2; }

  std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const override;
  Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const override;
  Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const override;
};

}  // namespace kramers::sde
