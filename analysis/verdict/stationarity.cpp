#include "analysis/verdict/stationarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "analysis/verdict/fractions.hpp"
#include "analysis/verdict/variation.hpp"

namespace kramers::analysis {

double residual_factor(const sde::Counts& expected, const SamplingFacts& facts) {
  if (!facts.groups_are_starts) {
    if (!facts.relaxation_time || !facts.sampled_time) return 1;
    return 0.5 / std::tanh(*facts.sampled_time / (4 * *facts.relaxation_time));
  }
  if (facts.basin_weights.empty()) return 1;
  if (int(facts.basin_weights.size()) != expected.groups)
    throw std::invalid_argument(fmt::format("{} predicted basin weights for {} start groups: give one for each",
                                            facts.basin_weights.size(), expected.groups));
  std::vector<double> due(expected.groups);
  double all = 0;
  for (int j = 0; j < expected.groups; ++j) {
    for (int g = 0; g < expected.replicates; ++g) due[j] += double(expected(j, g, 0));
    all += due[j];
  }
  double factor = 0;
  for (int j = 0; j < expected.groups; ++j) factor += std::abs(due[j] / all - facts.basin_weights[j]) / 2;
  return std::min(factor, 1.0);
}

double uncovered(const SamplingFacts& facts) {
  if (!facts.groups_are_starts || facts.basin_weights.empty()) return 0;
  const double weight = std::max(0.0, 1 - std::accumulate(facts.basin_weights.begin(), facts.basin_weights.end(), 0.0));
  if (!facts.relaxation_time || !facts.sampled_time) return weight;
  return weight * std::exp(-facts.burn_in_time / *facts.relaxation_time) *
         std::min(1.0, *facts.relaxation_time / *facts.sampled_time);
}

Stationarity stationarity(const sde::Counts& density, const sde::Counts& expected, const SamplingFacts& facts,
                          double alpha) {
  Stationarity s;
  if (density.groups < 2) return s;
  for (std::uint64_t due : expected.at)
    if (due == 0) return s;
  s.judged = true;
  const double factor = residual_factor(expected, facts);
  const double t = student_quantile(alpha, density.replicates - 1);
  const int cells = density.cells + 1;

  // Every pair of groups; where those would be many, each against the mean of all, twice (triangle inequality).
  constexpr int most_groups_in_pairs = 8;
  double upper = 0, lower = 0;
  if (density.groups <= most_groups_in_pairs) {
    for (int a = 0; a < density.groups; ++a)
      for (int b = a + 1; b < density.groups; ++b) {
        const Variation v = variation_from(fractions(density, expected, a) - fractions(density, expected, b),
                                           Eigen::VectorXd::Zero(cells));
        upper = std::max(upper, v.upper(t));
        lower = std::max(lower, v.lower(t));
      }
  } else {
    Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(density.replicates, cells);
    for (int a = 0; a < density.groups; ++a) mean += fractions(density, expected, a) / density.groups;
    for (int a = 0; a < density.groups; ++a) {
      const Variation v = variation_from(fractions(density, expected, a) - mean, Eigen::VectorXd::Zero(cells));
      upper = std::max(upper, 2 * v.upper(t));
      lower = std::max(lower, v.lower(t));
    }
  }
  s.distance = std::min(upper, 1.0);
  s.distance_lower = lower;
  s.uncovered = uncovered(facts);
  s.residual = std::min(1.0, s.distance * factor + s.uncovered);
  s.residual_lower = s.distance_lower * factor;
  return s;
}

}  // namespace kramers::analysis
