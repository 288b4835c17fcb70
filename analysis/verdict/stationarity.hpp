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

/// What one watched number says of the slowest relaxation.
struct WatchedTime {
  double kept;                 // rho+: upper bound of the share of its variance that lies between trajectories
  std::optional<double> time;  // tau_q [time]; absent: no trajectory forgets it, as far as can be told
  bool by_starts = false;      // from the contrast of the start groups, not from within trajectories
};
WatchedTime relaxation_time(const Watched& watched, const SamplingFacts& facts, double alpha);

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

/// rho(x) = (2/x) (1 - (1 - exp(-x)) / x): the share of the variance of an exponentially correlated number that is left
/// in its mean over x relaxation times.
double variance_of_mean(double relaxations);
/// Its inverse.
double relaxations_from(double share);

/// exp(-b) (1 - exp(-s)) / s: the share of an initial deviation that samples over s relaxation times after b still
/// hold.
double held_share(double relaxations_before, double relaxations_sampled);

}  // namespace kramers::analysis
