#include "analysis/verdict/planning.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "analysis/statistics/variation.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {
namespace {

/// Variance of the mean over so many relaxation times of what forgets exponentially.
double averaged(double x) { return x < 1e-3 ? 1 - x / 3 : 2 * (x - 1 + std::exp(-x)) / (x * x); }

}  // namespace

double Window::from_start() const {
  const double share = sampled < 1e-9 ? 1 : -std::expm1(-sampled) / sampled;
  return start_distance * std::exp(-burn_in) * share;
}

double Window::noise_of_extrapolation() const {
  const double kappa = 0.5 / std::tanh(sampled / 4);
  if (!(kappa <= 2)) return std::numeric_limits<double>::infinity();
  // The halves' difference has the variance 4 (g(t_s / 2) - g(t_s)), and none in common with the mean.
  const double all = averaged(sampled), difference = 4 * (averaged(sampled / 2) - all);
  return (std::sqrt(all + kappa * kappa * difference) + (kappa - 0.5) * std::sqrt(difference)) / std::sqrt(all);
}

double enough_burn_in(const Window& window, double tolerance) {
  return std::max(0.0, std::log(10 * window.start_distance * std::min(1.0, 1 / window.sampled) / tolerance));
}

double basin_weight_deviation(double weight, double relaxation_rate, double sampled_time) {
  return std::sqrt(weight * (1 - weight) * std::min(1.0, 2 / (relaxation_rate * sampled_time)));
}

double expected_error(double deviation, double trajectories) { return deviation / std::sqrt(trajectories); }

double trajectories_to_decide(const Plan& plan) {
  const double distance = std::abs(plan.tolerance - plan.bias);
  const double t = student_quantile(plan.alpha, sde::max_replicates - 1);
  const auto needed = [&](double miss) {
    const double z = quantile(complement(boost::math::normal(), miss));
    const double width = (t + z) * plan.deviation + plan.noise, gap = distance - plan.from_start;
    const double alone = gap > 0 ? width / gap : std::numeric_limits<double>::infinity();
    return std::pow(std::min(alone, plan.noise_of_extrapolation * width / distance), 2);
  };
  const double miss = 1 - plan.power, one_sided = needed(miss);
  const bool errs_to_both_sides = plan.bias < plan.deviation / std::sqrt(one_sided);
  return errs_to_both_sides ? needed(miss / 2) : one_sided;
}

}  // namespace kramers::analysis
