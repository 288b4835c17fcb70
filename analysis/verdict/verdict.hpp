#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sde/statistics.hpp"

namespace kramers::analysis {

enum class Decision { agrees, not_enough_data, disagrees };  // from best to worst

std::string to_string(Decision decision);  // "agrees", "not enough data", "disagrees"

/// The verdict of a run or of a sweep is its worst.
Decision worst(std::span<const Decision> decisions);

/// What is known of how a sample came about.
struct SamplingFacts {
  std::uint64_t trajectories = 0;     // 0: not known
  std::uint64_t diverged = 0;         // beside those that samples are missing of
  bool groups_are_starts = true;      // false: first and second half in time
  std::vector<double> basin_weights;  // predicted weight of the basin of each start point (shared out among the start
                                      // points of one basin); empty: not known
  std::optional<double> relaxation_time, sampled_time;  // [time]
  double burn_in_time = 0;                              // [time]
};

/// What the bins are held against: a bin wider than 0.35 sqrt(T / lambda_max) hides structure.
struct BinFacts {
  double temperature, largest_curvature;
  double widest_bin;
};

struct JudgeSettings {
  double tolerance = 0.01;  // total variation that counts as agreement, in (0, 1)
  double alpha = 0.05;      // probability of each kind of wrong verdict, in (0, 1/2)
  int comparisons = 1;      // densities and runs judged together: "disagrees" uses alpha / comparisons
  int looks = 0;            // how often the run was looked at and then extended: alpha 2^-looks
  SamplingFacts sampling;
  SamplingFacts other;  // of the second sample, where two are compared
  /// Cell probabilities of the integrator's own law (transition kernel or shadow density); empty: not known.
  std::vector<double> integrator_law;
  /// Relative half width of the interval in which the bias is known.
  double integrator_law_error = 0.05;
  std::optional<BinFacts> bins;
  /// TV of two known laws over these bins, divided by their TV without bins.
  std::optional<double> resolved_share;
};

/// How a sampled density stands to a prediction (or to another sample), in total variation (TV) over all cells:
/// bins, outside, diverged. Fractions are of all samples due.
struct Verdict {
  Decision decision = Decision::not_enough_data;
  std::string reason;  // one sentence

  double total_variation = 0;   // cross-fitted estimate, at least 0
  double plug_in = 0;           // biased upward by about the noise floor when the laws are near
  double lower = 0, upper = 1;  // at the alphas below
  double noise_floor = 0;
  double tolerance = 0;
  double alpha = 0;                    // of the upper bound, after looks
  double alpha_disagrees = 0;          // of the lower bound: alpha / comparisons
  double distance_between_groups = 1;  // D: upper bound of the TV between start groups (or halves in time)
  double residual = 1;                 // R: what the start may still contribute to the TV
  bool stationary = false;             // D <= 0.1 and R <= tolerance / 5

  std::optional<double> bias_of_step;            // TV of the integrator's own law from the prediction
  std::optional<double> bias_seen_at;            // the sampled shift in the direction of that bias, in standard errors
  std::optional<double> unexplained;             // TV of the sample from the integrator's own law (cross-fitted)
  std::optional<double> trajectories_to_decide;  // absent: decided, or no number decides
  std::uint64_t diverged_samples = 0;
  std::vector<std::string> warnings;
};

/// An equivalence test from independent replicates: agrees if U + R < tolerance, disagrees if L - R > tolerance,
/// otherwise not enough data, with the reason. `density` has the samples per (group, replicate, cell), `expected` those
/// due (one cell); `prediction` the probability of each cell, adding up to 1 within 1e-6.
/// Throws std::invalid_argument where shapes or settings make no sense.
Verdict judge(const sde::Counts& density, const sde::Counts& expected, const std::vector<double>& prediction,
              const JudgeSettings& settings);

/// Are two samples of the same law within the tolerance? Both are noisy: covariances add.
Verdict compare(const sde::Counts& density_a, const sde::Counts& expected_a, const sde::Counts& density_b,
                const sde::Counts& expected_b, const JudgeSettings& settings);

}  // namespace kramers::analysis
