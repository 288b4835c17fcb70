#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kramers::sde {

/// A number that every point has: a coordinate, the loss, or 1 in the basin of one minimum and 0 elsewhere.
struct Quantity {
  enum class Kind { theta, loss, basin } kind = Kind::loss;
  int index = 0;  // of the coordinate, of the minimum

  /// "theta_0", "loss", "basin_1".
  std::string name() const {
    if (kind == Kind::loss) return "loss";
    return (kind == Kind::theta ? "theta_" : "basin_") + std::to_string(index);
  }
  bool operator==(const Quantity&) const = default;
};

/// The autocorrelation of quantities from sample to sample, along some trajectories of every replicate.
struct AutocorrelationRequest {
  std::vector<Quantity> quantities;
  std::uint64_t trajectories;  // shared out evenly among the replicates
  std::uint64_t longest_lag;   // samples
  bool operator==(const AutocorrelationRequest&) const = default;
};

/// Means and variances of quantities in stretches of time.
struct TimeSeriesRequest {
  std::vector<Quantity> quantities;
  int bins;  // of about as many samples each
  bool operator==(const TimeSeriesRequest&) const = default;
};

/// What split R-hat is computed from.
struct SplitRHatRequest {
  std::vector<Quantity> quantities;
  bool operator==(const SplitRHatRequest&) const = default;
};

/// What is recorded where it is asked for: each an observer of its own (observers/list.cpp), at no cost otherwise.
struct Requests {
  std::optional<AutocorrelationRequest> autocorrelation;
  std::optional<TimeSeriesRequest> time_series;
  std::optional<SplitRHatRequest> split_r_hat;
  std::optional<std::vector<std::array<int, 2>>> area_rate;  // pairs of axes
  int fluctuation_dissipation = 0;                           // coordinates: all of them, or none
  bool operator==(const Requests&) const = default;
};

}  // namespace kramers::sde
