#include "analysis/verdict/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/verdict/fractions.hpp"
#include "analysis/verdict/jackknife.hpp"
#include "analysis/verdict/planning.hpp"
#include "analysis/verdict/stationarity.hpp"
#include "analysis/verdict/variation.hpp"

namespace kramers::analysis {

namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

void check(const JudgeSettings& s) {
  if (!(s.tolerance > 0 && s.tolerance < 1))
    throw std::invalid_argument(fmt::format("tolerance = {} must lie between 0 and 1", s.tolerance));
  if (!(s.alpha > 0 && s.alpha < 0.5))
    throw std::invalid_argument(fmt::format("alpha = {} must lie between 0 and 1/2", s.alpha));
  if (s.comparisons < 1) throw std::invalid_argument(fmt::format("comparisons = {} must be at least 1", s.comparisons));
  if (s.looks < 0) throw std::invalid_argument(fmt::format("looks = {} must not be negative", s.looks));
}

/// The law over cells with the diverged cell, of probability 0, at its end.
VectorXd with_diverged_cell(const std::vector<double>& law, int cells, const char* name) {
  if (int(law.size()) != cells)
    throw std::invalid_argument(fmt::format("the {} has {} cells where the density has {}", name, law.size(), cells));
  VectorXd p(cells + 1);
  double sum = 0;
  for (int k = 0; k < cells; ++k) {
    if (!(law[k] >= 0)) throw std::invalid_argument(fmt::format("the {} is {} in cell {}", name, law[k], k));
    sum += p[k] = law[k];
  }
  if (std::abs(sum - 1) > 1e-6)
    throw std::invalid_argument(fmt::format("the {} adds up to {} over all cells, not to 1", name, sum));
  p[cells] = 0;
  return p;
}

std::vector<std::string> bin_warnings(const JudgeSettings& s) {
  std::vector<std::string> warnings;
  if (s.bins) {
    const double width = 0.35 * std::sqrt(s.bins->temperature / s.bins->largest_curvature);
    if (s.bins->widest_bin > width)
      warnings.push_back(
          fmt::format("bins of width {:.3g} are wider than 0.35 sqrt(T / lambda_max) = {:.3g}: the total "
                      "variation sees only what they resolve",
                      s.bins->widest_bin, width));
  }
  if (s.resolved_share && *s.resolved_share < 0.95)
    warnings.push_back(
        fmt::format("the bins resolve only {:.0f} % of the total variation between two known laws (95 % "
                    "are needed)",
                    100 * *s.resolved_share));
  return warnings;
}

void check_start(Verdict& v, const JudgeSettings& s, int replicates, std::uint64_t missing) {
  check(s);
  v.tolerance = s.tolerance;
  v.alpha = std::ldexp(s.alpha, -s.looks);
  v.alpha_disagrees = v.alpha / s.comparisons;
  v.warnings = bin_warnings(s);
  v.diverged_samples = missing;
  if (replicates < fewest_replicates)
    v.reason = fmt::format("{} replicates: at least {} trajectories are needed", replicates, fewest_replicates);
}

std::string relaxation_sentence(const SamplingFacts& facts) {
  if (!facts.relaxation_time) return "burn in longer";
  std::string text = fmt::format("the relaxation time is {:.3g}", *facts.relaxation_time);
  if (facts.sampled_time)
    text += fmt::format(" and the sampled time {:.3g} ({:.2g} relaxations)", *facts.sampled_time,
                        *facts.sampled_time / *facts.relaxation_time);
  return text + ": burn in longer";
}

std::string stationarity_sentence(const Stationarity& s, const JudgeSettings& settings, const SamplingFacts& facts) {
  const std::string groups = facts.groups_are_starts ? "start groups" : "first and second half in time";
  if (!s.judged)
    return fmt::format("whether the run is stationary cannot be told: too few trajectories for {}", groups);
  if (s.refuted(settings.tolerance))
    return fmt::format("not stationary: {} differ by a total variation of {:.2g} to {:.2g}; {}", groups,
                       s.distance_lower, s.distance, relaxation_sentence(facts));
  if (s.uncovered > Stationarity::residual_share * settings.tolerance)
    return fmt::format(
        "some basins have no start point, which may shift the density by {:.2g} where {:.2g} is allowed; {}",
        s.uncovered, Stationarity::residual_share * settings.tolerance, relaxation_sentence(facts));
  return fmt::format(
      "too noisy to tell whether the run is stationary: {} differ by a total variation of {:.2g} to "
      "{:.2g}, which may shift the density by {:.2g} where {:.2g} is allowed{}",
      groups, s.distance_lower, s.distance, s.residual, Stationarity::residual_share * settings.tolerance,
      facts.trajectories > 0 ? fmt::format("; about {:.2g} trajectories would tell",
                                           s.trajectories_to_tell(settings.tolerance, double(facts.trajectories)))
                             : "");
}

/// Bounds, gate and decision, once TV and stationarity are known.
void decide(Verdict& v, const Variation& tv, const Stationarity& stationary_a, const Stationarity* stationary_b,
            const JudgeSettings& s) {
  const double t = student_quantile(v.alpha, tv.degrees_of_freedom);
  const double t_disagrees = student_quantile(v.alpha_disagrees, tv.degrees_of_freedom);
  v.total_variation = std::max(0.0, tv.cross_fitted);
  v.plug_in = tv.plug_in;
  v.noise_floor = tv.noise_floor;
  v.lower = std::max(0.0, tv.lower(t_disagrees));
  v.upper = std::min(1.0, tv.upper(t));
  v.distance_between_groups = std::max(stationary_a.distance, stationary_b ? stationary_b->distance : 0.0);
  v.residual = stationary_a.residual + (stationary_b ? stationary_b->residual : 0.0);
  v.stationary = stationary_a.holds(s.tolerance) && (!stationary_b || stationary_b->holds(s.tolerance));

  const std::uint64_t diverged = s.sampling.diverged + s.other.diverged;
  const bool any_diverged = v.diverged_samples > 0 || diverged > 0;
  const std::string found =
      fmt::format("the total variation is {:.2g} [{:.2g}, {:.2g}]", v.total_variation, v.lower, v.upper);
  const bool above = v.lower - v.residual > s.tolerance;
  const bool below = v.upper + v.residual < s.tolerance;

  if (!v.stationary) {
    const bool first = !stationary_a.holds(s.tolerance);
    v.reason = stationarity_sentence(first ? stationary_a : *stationary_b, s, first ? s.sampling : s.other);
    return;
  }
  if (above) {
    v.decision = Decision::disagrees;
    v.reason = fmt::format("{}, beyond the tolerance {:g}", found, s.tolerance);
    if (any_diverged) v.reason += fmt::format(" ({} samples fell to diverged trajectories)", v.diverged_samples);
    return;
  }
  if (any_diverged) {
    v.reason = fmt::format("{}, but trajectories diverged ({} samples are missing)", found, v.diverged_samples);
    return;
  }
  if (below) {
    v.decision = Decision::agrees;
    v.reason = fmt::format("{}, below the tolerance {:g}", found, s.tolerance);
    if (v.bias_of_step) v.reason += fmt::format("; the step size explains {:.2g}", *v.bias_of_step);
    if (v.bias_seen_at && *v.bias_seen_at >= 3)
      v.reason += fmt::format(" and this bias is seen at {:.2g} standard errors", *v.bias_seen_at);
    return;
  }
  if (v.bias_of_step && std::abs(s.tolerance - *v.bias_of_step) <= s.integrator_law_error * *v.bias_of_step) {
    v.reason = fmt::format(
        "undecidable: the tolerance {:g} lies inside the interval [{:.3g}, {:.3g}] of a known bias; "
        "no number of trajectories decides; reduce h",
        s.tolerance, *v.bias_of_step * (1 - s.integrator_law_error), *v.bias_of_step * (1 + s.integrator_law_error));
    return;
  }
  const double ahead = v.bias_of_step.value_or(v.total_variation);
  // Below the tolerance the upper bound must come down, with its upward bias; above it, the lower bound must come up.
  const bool to_agree = ahead < s.tolerance;
  const double error = to_agree ? tv.upper_error : tv.cross_fitted_error;
  const double noise = (to_agree ? std::max(0.0, tv.plug_in - v.total_variation) : 0.0) + v.residual;
  const double factor = trajectories_to_decide({.deviation = error,
                                                .noise = noise,
                                                .bias = ahead,
                                                .tolerance = s.tolerance,
                                                .alpha = to_agree ? v.alpha : v.alpha_disagrees});
  constexpr double hopeless = 1e4;
  v.reason = fmt::format("too noisy: {}", found);
  if (factor > hopeless) {
    v.reason +=
        fmt::format(" and lies too near the tolerance {:g} to say how many trajectories would decide", s.tolerance);
    return;
  }
  const double times = std::max(1.1, factor);
  if (s.sampling.trajectories > 0) {
    v.trajectories_to_decide = std::ceil(times * double(s.sampling.trajectories));
    v.reason += fmt::format("; about {:.0f} trajectories would decide", *v.trajectories_to_decide);
  } else {
    v.reason += fmt::format("; about {:.2g} times as many trajectories would decide", times);
  }
}

}  // namespace

std::string to_string(Decision decision) {
  switch (decision) {
    case Decision::agrees:
      return "agrees";
    case Decision::disagrees:
      return "disagrees";
    default:
      return "not enough data";
  }
}

Decision worst(std::span<const Decision> decisions) {
  return decisions.empty() ? Decision::agrees : *std::max_element(decisions.begin(), decisions.end());
}

Verdict judge(const sde::Counts& density, const sde::Counts& expected, const std::vector<double>& prediction,
              const JudgeSettings& settings) {
  Verdict v;
  const VectorXd p = with_diverged_cell(prediction, density.cells, "prediction");
  check_start(v, settings, density.replicates, missing_samples(density, expected));
  if (!v.reason.empty()) return v;

  const MatrixXd f = fractions(density, expected);
  const Variation tv = variation_from(f, p);
  if (!settings.integrator_law.empty()) {
    const VectorXd law = with_diverged_cell(settings.integrator_law, density.cells, "law of the integrator");
    const VectorXd bias = law - p;
    v.bias_of_step = bias.cwiseAbs().sum() / 2;
    v.unexplained = std::max(0.0, variation_from(f, law).cross_fitted);
    const VectorXd shift = (f.rowwise() - p.transpose()) * bias.cwiseSign();
    const double g = double(shift.size());
    const double error = std::sqrt((shift.array() - shift.mean()).square().sum() / (g * (g - 1)));
    if (error > 0) v.bias_seen_at = shift.mean() / error;
  }
  decide(v, tv, stationarity(density, expected, settings.sampling, v.alpha), nullptr, settings);
  return v;
}

Verdict compare(const sde::Counts& density_a, const sde::Counts& expected_a, const sde::Counts& density_b,
                const sde::Counts& expected_b, const JudgeSettings& settings) {
  Verdict v;
  if (density_a.cells != density_b.cells)
    throw std::invalid_argument(fmt::format("the two densities have {} and {} cells: their bins must be the same",
                                            density_a.cells, density_b.cells));
  check_start(v, settings, std::min(density_a.replicates, density_b.replicates),
              missing_samples(density_a, expected_a) + missing_samples(density_b, expected_b));
  if (!v.reason.empty()) return v;
  const Variation tv = variation_between(fractions(density_a, expected_a), fractions(density_b, expected_b));
  const Stationarity a = stationarity(density_a, expected_a, settings.sampling, v.alpha);
  const Stationarity b = stationarity(density_b, expected_b, settings.other, v.alpha);
  decide(v, tv, a, &b, settings);
  return v;
}

}  // namespace kramers::analysis
