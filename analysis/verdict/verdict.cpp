#include "analysis/verdict/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/statistics/fractions.hpp"
#include "analysis/statistics/variation.hpp"

namespace kramers::analysis {

namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

void check(const JudgeSettings& s) {
  if (!(s.tolerance > 0)) throw std::invalid_argument(fmt::format("tolerance = {} must be positive", s.tolerance));
  if (!(s.alpha > 0 && s.alpha < 0.5))
    throw std::invalid_argument(fmt::format("alpha = {} must lie between 0 and 1/2", s.alpha));
  if (s.comparisons < 1) throw std::invalid_argument(fmt::format("comparisons = {} must be at least 1", s.comparisons));
  if (s.looks < 0) throw std::invalid_argument(fmt::format("looks = {} must not be negative", s.looks));
}

void check_share(const JudgeSettings& s) {
  check(s);
  if (!(s.tolerance < 1))
    throw std::invalid_argument(fmt::format("tolerance = {} must lie between 0 and 1", s.tolerance));
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

constexpr double least_resolved = 0.5, enough_resolved = 0.95;
constexpr double most_in_one_cell = 0.95;

/// Why laws look alike over these cells whatever they are; empty: they need not. `p` and `q` are shares of all samples.
std::string why_nothing_is_told(const VectorXd& p, const VectorXd& q) {
  const double share = p.cwiseMin(q).maxCoeff();
  if (share < most_in_one_cell) return "";
  return fmt::format("one bin, or what lies outside of them, holds {:.4g} % of all: laws cannot be told apart there",
                     100 * share);
}

/// What disagrees does so over any cells.
void withhold(Verdict& v, const std::string& why) {
  if (why.empty() || v.decision == Decision::disagrees) return;
  v.decision = Decision::not_judged;
  v.reason = why;
  v.trajectories_to_decide.reset();
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
  if (s.resolved_share && *s.resolved_share < enough_resolved)
    warnings.push_back(
        fmt::format("the bins resolve only {:.0f} % of the total variation between two known laws "
                    "({:.0f} % are needed)",
                    100 * *s.resolved_share, 100 * enough_resolved));
  return warnings;
}

/// "0.0042 +- 0.0008"
std::string with_error(double value, double error) { return fmt::format("{:.2g} +- {:.1g}", value, error); }

/// How many times as many trajectories would decide.
double times_to_decide(const Verdict& v) {
  const double gap = v.tolerance - v.difference;
  return std::pow(gap > 0 ? (v.upper - v.difference) / gap : (v.difference - v.lower) / gap, 2);
}

constexpr double hopeless = 1e4;  // times as many trajectories as there are

/// The decision, and the sentence that says why.
void decide(Verdict& v, const Interval& bounds, double unit, const std::string& found, const Stationarity& a,
            const Stationarity* b, const JudgeSettings& s) {
  v.difference = unit * std::max(0.0, bounds.estimate);
  v.error = unit * bounds.error;
  v.lower = unit * std::max(0.0, bounds.lower);
  v.upper = unit * bounds.upper;
  v.from_start = unit * bounds.from_start;
  const bool any_diverged = v.diverged_samples > 0 || s.diverged > 0;
  const std::string missing = v.diverged_samples > 0
                                  ? fmt::format("{} samples", v.diverged_samples)
                                  : fmt::format("those of {} trajector{}", s.diverged, s.diverged == 1 ? "y" : "ies");

  if (v.lower > v.tolerance) {
    v.decision = Decision::disagrees;
    v.reason = fmt::format("{}, beyond {:.3g}: disagrees at any tolerance below {:.3g}", found, v.tolerance, v.lower);
    if (any_diverged) v.reason += fmt::format(" ({} are missing, for trajectories diverged)", missing);
    return;
  }
  if (any_diverged) {
    v.decision = Decision::not_enough_data;
    v.reason = fmt::format("{}, but trajectories diverged ({} are missing)", found, missing);
    return;
  }
  if (v.upper < v.tolerance) {
    v.decision = Decision::agrees;
    v.reason = fmt::format("{}, within {:.3g}: agrees at any tolerance above {:.3g}", found, v.tolerance, v.upper);
    if (v.bias_of_step) v.reason += fmt::format("; the step size explains {:.2g}", *v.bias_of_step);
    if (v.bias_seen_at && *v.bias_seen_at >= 3)
      v.reason += fmt::format(" and this bias is seen at {:.2g} standard errors", *v.bias_seen_at);
    return;
  }
  const double unknown = std::max(a.unknown, b ? b->unknown : 0);
  if (bounds.is_about_the_start(unknown, v.tolerance / unit)) {
    v.decision = Decision::not_stationary;
    const Stationarity& worse = b && b->unknown > a.unknown ? *b : a;
    if (unknown > v.tolerance / unit / 4)
      v.reason = worse.why_unknown;
    else
      v.reason = fmt::format("{}, and the start may still contribute {}; the {}: burn in longer", found,
                             std::isfinite(v.from_start) ? fmt::format("{:.2g}", v.from_start) : "any amount",
                             (b && b->held > a.held ? *b : a).words());
    return;
  }
  v.decision = Decision::not_enough_data;
  if (v.bias_of_step && std::abs(v.tolerance - *v.bias_of_step) <= s.integrator_law_error * *v.bias_of_step) {
    v.reason = fmt::format(
        "undecidable: the tolerance {:g} lies inside the interval [{:.3g}, {:.3g}] of a known bias; "
        "no number of trajectories decides; reduce h",
        v.tolerance, *v.bias_of_step * (1 - s.integrator_law_error), *v.bias_of_step * (1 + s.integrator_law_error));
    return;
  }
  v.reason = fmt::format("{}, agrees above {:.3g}, disagrees below {:.3g}", found, v.upper, v.lower);
  const double times = times_to_decide(v);
  if (!(times < hopeless)) {
    v.reason += fmt::format("; too near the tolerance {:.3g} to say how many trajectories would decide", v.tolerance);
  } else if (s.trajectories > 0) {
    v.trajectories_to_decide = std::ceil(std::max(1.1, times) * double(s.trajectories));
    v.reason += fmt::format("; about {:.3g} trajectories would decide", *v.trajectories_to_decide);
  } else {
    v.reason += fmt::format("; about {:.2g} times as many trajectories would decide", std::max(1.1, times));
  }
}

/// What every comparison has; true: it ends here.
bool is_settled(Verdict& v, const Stationarity& a, const Stationarity* b, Eigen::Index replicates,
                const JudgeSettings& s) {
  v.tolerance = s.tolerance;
  v.alpha = s.alpha_agrees();
  v.alpha_disagrees = s.alpha_disagrees();
  if (replicates < fewest_replicates) {
    v.reason = fmt::format("{} replicates: at least {} trajectories are needed", replicates, fewest_replicates);
    return true;
  }
  for (const Stationarity* side : {&a, b}) {
    if (!side || side->known()) continue;
    v.decision = Decision::not_stationary;
    v.reason = side->obstacle.empty() ? side->why_unknown : side->obstacle;
    return true;
  }
  return false;
}

}  // namespace

double JudgeSettings::alpha_agrees() const { return std::ldexp(alpha, -looks); }

Verdict judge(const sde::Counts& density, const sde::Counts& expected, std::uint64_t samples,
              const std::vector<double>& prediction, const Stationarity& stationarity, const JudgeSettings& settings) {
  check_share(settings);
  Verdict v;
  const VectorXd p = with_diverged_cell(prediction, density.cells, "prediction");
  v.warnings = bin_warnings(settings);
  v.diverged_samples = missing_samples(density, expected);
  if (is_settled(v, stationarity, nullptr, density.replicates, settings)) return v;

  const Windowed f = windowed_fractions(density, expected, samples);
  const Interval bounds = interval_of(f, p, stationarity, {settings.alpha_agrees(), settings.alpha_disagrees()});
  if (!settings.integrator_law.empty()) {
    const VectorXd bias = with_diverged_cell(settings.integrator_law, density.cells, "law of the integrator") - p;
    v.bias_of_step = bias.cwiseAbs().sum() / 2;
    const VectorXd shift = (f.all.rowwise() - p.transpose()) * bias.cwiseSign();
    const double g = double(shift.size());
    const double error = std::sqrt((shift.array() - shift.mean()).square().sum() / (g * (g - 1)));
    if (error > 0) v.bias_seen_at = shift.mean() / error;
  }
  v.noise_floor = noise_floor(f.all);
  decide(v, bounds, 1, "total variation " + with_error(std::max(0.0, bounds.estimate), bounds.error), stationarity,
         nullptr, settings);
  if (settings.over_bins) withhold(v, why_nothing_is_told(p, p));
  if (settings.resolved_share && *settings.resolved_share < least_resolved)
    withhold(v, "the bins resolve too little to tell laws apart");
  return v;
}

Verdict judge_mean(const Windowed& means, const Estimate& measured, const MeanSettings& mean,
                   const Stationarity& stationarity, const JudgeSettings& settings) {
  check(settings);
  Verdict v{.what = mean.what};
  if (is_settled(v, stationarity, nullptr, means.all.rows(), settings)) return v;
  const Interval bounds = interval_of_mean(means, mean.predicted, mean.scale, mean.of_start, stationarity,
                                           {settings.alpha_agrees(), settings.alpha_disagrees()});
  decide(v, bounds, mean.scale,
         fmt::format("{} {:.4g} +- {:.1g} where {:.4g} {}", mean.what, measured.value, measured.error, mean.predicted,
                     mean.set),
         stationarity, nullptr, settings);
  return v;
}

Verdict judge_correlations(const std::vector<PairOfCoordinates>& pairs, const Stationarity& stationarity,
                           const JudgeSettings& settings, int replicates) {
  check(settings);
  Verdict v{.what = "correlations"};
  if (is_settled(v, stationarity, nullptr, replicates, settings)) return v;
  const double from_start = std::pow(stationarity.start_distance, 2) * stationarity.held;
  Interval bounds{.lower = -1, .upper = 0, .from_start = from_start};
  const double t = student_quantile(settings.alpha_agrees(), replicates - 1);
  const double t_disagrees = student_quantile(settings.alpha_disagrees() / double(pairs.size()), replicates - 1);
  const PairOfCoordinates* farthest = nullptr;
  for (const PairOfCoordinates& pair : pairs) {
    const double off = std::abs(pair.measured.value - pair.predicted), error = pair.measured.error;
    bounds.upper = std::max(bounds.upper, off + t * error);
    bounds.lower = std::max(bounds.lower, off - t_disagrees * error);
    if (farthest && off <= bounds.estimate) continue;
    bounds.estimate = off, bounds.error = error;
    farthest = &pair;
  }
  bounds.upper = std::max(bounds.upper + from_start + stationarity.unknown, 5 * stationarity.unknown);
  bounds.lower -= from_start + stationarity.unknown;
  decide(v, bounds, 1,
         fmt::format("correlation of theta_{} and theta_{} {:.3g} +- {:.1g} where {:.3g} is predicted", farthest->i,
                     farthest->j, farthest->measured.value, farthest->measured.error, farthest->predicted),
         stationarity, nullptr, settings);
  return v;
}

Verdict compare(const Side& a, const Side& b, const JudgeSettings& settings) {
  check_share(settings);
  Verdict v;
  if (a.density.cells != b.density.cells)
    throw std::invalid_argument(fmt::format("the two densities have {} and {} cells: their bins must be the same",
                                            a.density.cells, b.density.cells));
  v.diverged_samples = missing_samples(a.density, a.expected) + missing_samples(b.density, b.expected);
  const int replicates = std::min(a.density.replicates, b.density.replicates);
  if (is_settled(v, a.stationarity, &b.stationarity, replicates, settings)) return v;
  const Windowed of_a = windowed_fractions(a.density, a.expected, a.samples);
  const Windowed of_b = windowed_fractions(b.density, b.expected, b.samples);
  const Interval bounds = interval_between(of_a, a.stationarity, of_b, b.stationarity,
                                           {settings.alpha_agrees(), settings.alpha_disagrees()});
  decide(v, bounds, 1, "total variation " + with_error(std::max(0.0, bounds.estimate), bounds.error), a.stationarity,
         &b.stationarity, settings);
  withhold(v, why_nothing_is_told(of_a.all.colwise().mean(), of_b.all.colwise().mean()));
  return v;
}

}  // namespace kramers::analysis
