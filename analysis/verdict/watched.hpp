#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sde/statistics.hpp"

namespace kramers::analysis {

/// A point where trajectories start.
struct StartPoint {
  std::vector<double> at;
  int group;       // of start points
  double loss;     // there
  int basin = -1;  // of which minimum; -1: not known
};

/// What is known of how the samples of a run came about.
struct SamplingFacts {
  std::uint64_t trajectories = 0;
  double burn_in_time = 0, sampled_time = 0;        // [time]
  std::vector<double> origin;                       // of sde::SumRows::fourth_power
  std::vector<StartPoint> starts;                   // empty: they are drawn
  std::vector<double> start_mean, start_deviation;  // of drawn ones, by coordinate
  int minima = 0;                                   // of the landscape; 0: not known
  /// [time] The slowest relaxation time, where theory may decide, and what is slowest; a bound from below elsewhere.
  std::optional<double> exact_time;
  std::string slowest;
  std::optional<double> least_time;
};

/// A number that every sample has, and what trajectories and replicates say of it.
struct Watched {
  enum class Kind { quantity, basin, level } kind = Kind::quantity;
  std::string name;                        // "theta_0", "theta_0^2", "loss", "basin 1", "theta_0 <= 0.5"
  std::vector<std::vector<double>> means;  // [start group][replicate]; NaN where a replicate has none of the group
  std::vector<double> shares;              // of the samples, of each start group
  double variance = 0;                     // over all samples
  std::vector<double> initial;             // of each start group, on average; empty: not known
  int seen_in = 0, unseen_in = 0;          // replicates that have samples with it, and without it: of an indicator

  int basin = 0;     // which one
  int axis = 0;      // of a level
  double below = 0;  // predicted probability below it
};

/// Every coordinate and its square (about the origin), the loss, every basin, and for every axis of every density the
/// levels where its law is next to 1/128 ... 127/128: `predicted` where known, else the sampled one.
std::vector<Watched> watched_in(const sde::RunStatistics& statistics, const std::vector<sde::DensityGrid>& grids,
                                const std::vector<std::optional<std::vector<double>>>& predicted,
                                const SamplingFacts& facts);

}  // namespace kramers::analysis
