#include "analysis/planning.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

namespace kramers::analysis {

double basin_weight_deviation(double weight, double relaxation_rate, double sampled_time) {
  return std::sqrt(weight * (1 - weight) * std::min(1.0, 2 / (relaxation_rate * sampled_time)));
}

double expected_error(double deviation, double trajectories) { return deviation / std::sqrt(trajectories); }

double trajectories_to_decide(const Plan& plan) {
  const double gap = std::abs(plan.tolerance - plan.bias);
  if (gap == 0) return std::numeric_limits<double>::infinity();
  const boost::math::normal normal;
  const double t = quantile(complement(normal, plan.alpha));
  const auto needed = [&](double z) { return std::pow(((t + z) * plan.deviation + plan.noise) / gap, 2); };

  // Below the tolerance, a shift of the other sign misses too: with probability Phi(-(2 tau + z s) / s) at this number.
  const double one_sided = quantile(complement(normal, 1 - plan.power));
  if (plan.bias >= plan.tolerance) return needed(one_sided);
  const double two_sided = quantile(complement(normal, (1 - plan.power) / 2));
  const double error = plan.deviation / std::sqrt(needed(one_sided));
  const bool other_side_counts = plan.bias < error;
  return needed(other_side_counts ? two_sided : one_sided);
}

}  // namespace kramers::analysis
