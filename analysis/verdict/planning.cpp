#include "analysis/verdict/planning.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/verdict/variation.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

double basin_weight_deviation(double weight, double relaxation_rate, double sampled_time) {
  return std::sqrt(weight * (1 - weight) * std::min(1.0, 2 / (relaxation_rate * sampled_time)));
}

double expected_error(double deviation, double trajectories) { return deviation / std::sqrt(trajectories); }

double trajectories_to_decide(const Plan& plan) {
  const double gap = std::abs(plan.tolerance - plan.bias);
  if (gap == 0) return std::numeric_limits<double>::infinity();
  const double t = student_quantile(plan.alpha, sde::max_replicates - 1);
  const double residual =
      2 * plan.start_mismatch * ((t + std::sqrt(2 / std::numbers::pi)) * plan.deviation + plan.noise);
  const auto needed = [&](double miss) {
    const double z = quantile(complement(boost::math::normal(), miss));
    return std::pow(((t + z) * plan.deviation + plan.noise + residual) / gap, 2);
  };
  const double miss = 1 - plan.power, one_sided = needed(miss);
  const bool errs_to_both_sides = plan.bias < plan.deviation / std::sqrt(one_sided);
  return errs_to_both_sides ? needed(miss / 2) : one_sided;
}

}  // namespace kramers::analysis
