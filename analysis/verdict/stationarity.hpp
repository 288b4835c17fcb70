#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/verdict/watched.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Has a run forgotten where it started, and if not, how much of it may still show? The relaxation time tau is the
/// slowest of what is watched (coordinates and their squares, loss, basins, levels of the recorded densities), or
/// theory's where that is exact and not contradicted; never below a bound that theory knows.
struct Stationarity {
  enum class Source { none, theory, trajectories, starts };
  Source source = Source::none;
  double relaxation_time = 0;  // [time]
  std::string slowest;         // which number says so
  std::string obstacle;        // why there is no relaxation time; empty: there is one
  std::string contradiction;   // of theory's
  double relaxations_before = 0, relaxations_sampled = 0;
  double unknown = 0;         // W: weight of basins and tails of which too little was seen
  std::string why_unknown;    // in words
  double start_distance = 1;  // A: of the start from the mean, in standard deviations
  double held = 1;            // eps: share of an initial deviation that the samples still hold
  double late_weight = 0;     // kappa: what pi + kappa (late - early) extrapolates to is without that deviation
  double least_weight = 0;    // its smallest value, for modes that are fast

  bool known() const { return source != Source::none && unknown < 1; }
  /// With that relaxation time: what is left of the start.
  void take_time(double time, const SamplingFacts& facts, std::uint64_t samples);
  /// [time] as words: "relaxation time 111 (theory)".
  std::string words() const;
};

/// `predicted`: cell probabilities of each density, where known (else the sampled ones say where levels lie); `basins`:
/// of each minimum.
Stationarity stationarity(const sde::RunStatistics& statistics, const std::vector<sde::DensityGrid>& grids,
                          const std::vector<std::optional<std::vector<double>>>& predicted,
                          const std::optional<std::vector<double>>& basins, const SamplingFacts& facts, double alpha);

}  // namespace kramers::analysis
