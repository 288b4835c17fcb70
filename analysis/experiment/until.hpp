#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace kramers::analysis {

/// What a pilot found of a run, and the length that follows (analysis/study/pilots.hpp).
struct DecidedLength {
  std::uint64_t steps;  // after the burn-in
  std::uint64_t pilot_trajectories, pilot_steps;
  double pilot_error;  // standard error of the total variation of its worst density
  bool operator==(const DecidedLength&) const = default;
};

/// `ensemble.until`: a run is as long as an error asks for, not as long as a number of steps.
struct Until {
  double total_variation_error;              // asked for: largest_error of every density, > 0
  std::uint64_t most_steps = 1'000'000'000;  // after the burn-in; a run that needs more is refused
  std::optional<std::uint64_t> pilot_steps;  // after the burn-in; default: 20 relaxation times
  std::vector<DecidedLength> decided;        // one a run of the sweep; empty: the pilots are still to come
  std::optional<DecidedLength> here;         // of this run
  bool operator==(const Until&) const = default;
};

}  // namespace kramers::analysis
