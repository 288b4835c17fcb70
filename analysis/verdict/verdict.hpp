#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/verdict/decision.hpp"
#include "analysis/verdict/interval.hpp"
#include "analysis/verdict/stationarity.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// What the bins are held against: a bin wider than 0.35 sqrt(T / lambda_max) hides structure.
struct BinFacts {
  double temperature, largest_curvature;
  double widest_bin;
};

struct JudgeSettings {
  double tolerance = 0.01;  // total variation that counts as agreement, in (0, 1)
  double alpha = 0.05;      // probability of each kind of wrong verdict, in (0, 1/2)
  int comparisons = 1;      // judged together: "disagrees" uses alpha / comparisons
  int looks = 0;            // how often the run was looked at before and then extended: alpha 2^-looks
  std::uint64_t trajectories = 0, diverged = 0;
  /// Cell probabilities of the integrator's own law (transition kernel or shadow density); empty: not known.
  std::vector<double> integrator_law;
  /// Relative half width of the interval in which the bias is known.
  double integrator_law_error = 0.05;
  std::optional<BinFacts> bins;
  /// TV of two known laws over these bins and what lies outside of them, divided by their TV over the whole line.
  std::optional<double> resolved_share;
  bool over_bins = false;  // the cells are those of a density: where one holds nearly all, nothing is told

  double alpha_agrees() const;
  double alpha_disagrees() const { return alpha_agrees() / comparisons; }
};

/// How something that was sampled stands to what is predicted, or to another sample: over the cells of a density or of
/// the basins the total variation (TV), of a mean the distance.
struct Verdict {
  std::string what;  // "density 0", "basins", "temperature", "mean loss"
  std::string over;  // whose law it is: "theta_0", "theta_0, theta_1", "the basins"; empty: of a mean
  Decision decision = Decision::not_enough_data;
  std::string reason;  // one sentence

  // Estimate, at least 0, and its standard error; NaN where too few trajectories or an unknown start leave none.
  double difference = std::numeric_limits<double>::quiet_NaN(), error = difference;
  double lower = 0, upper = 1;  // it agrees at any tolerance above the upper, disagrees at any below the lower one
  double tolerance = 0;
  double alpha = 0;            // of the upper bound, after looks
  double alpha_disagrees = 0;  // of the lower bound: alpha / comparisons
  double noise_floor = 0;      // plain total variation that noise alone would show
  double from_start = 1;       // what the start may contribute where nothing is extrapolated

  std::optional<double> bias_of_step;            // TV of the integrator's own law from the prediction
  std::optional<double> bias_seen_at;            // the sampled shift in the direction of that bias, in standard errors
  std::optional<double> trajectories_to_decide;  // absent: decided, or no number decides
  std::uint64_t diverged_samples = 0;
  std::vector<std::string> warnings;
};

/// An equivalence test from independent replicates, at any time after the start: agrees if upper < tolerance, disagrees
/// if lower > tolerance; else not enough data, or, where the start or what was not seen keeps it open, not known to be
/// stationary. The bounds do not depend on the tolerance. `density` has the samples per (group, replicate, cell),
/// `expected` those due (one cell); `prediction` the probability of each cell, adding up to 1 within 1e-6.
/// Throws std::invalid_argument where shapes or settings make no sense.
Verdict judge(const sde::Counts& density, const sde::Counts& expected, std::uint64_t samples,
              const std::vector<double>& prediction, const Stationarity& stationarity, const JudgeSettings& settings);

/// A mean against its prediction, in its own unit, as `settings.tolerance` is.
struct MeanSettings {
  std::string what, set;    // "temperature", "was set"
  double predicted, scale;  // what deviates by a standard deviation, squared, shows as this
  double of_start = 0;      // the most that the number may be off where nothing of the start is forgotten, beside that
};
Verdict judge_mean(const Windowed& means, const Estimate& measured, const MeanSettings& mean,
                   const Stationarity& stationarity, const JudgeSettings& settings);

/// Correlations of pairs of coordinates against those that are predicted: marginals can all be right where the joint
/// law is not. The pair that is farthest off decides.
struct PairOfCoordinates {
  int i, j;
  Estimate measured;
  double predicted;
};
Verdict judge_correlations(const std::vector<PairOfCoordinates>& pairs, const Stationarity& stationarity,
                           const JudgeSettings& settings, int replicates);

/// One side of a comparison of two samples.
struct Side {
  const sde::Counts &density, &expected;
  std::uint64_t samples;
  const Stationarity& stationarity;
};
/// Are two samples of the same law within the tolerance? Both are noisy: covariances add.
Verdict compare(const Side& a, const Side& b, const JudgeSettings& settings);

}  // namespace kramers::analysis
