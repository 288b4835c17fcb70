#include "analysis/verdict/watched_time.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/statistics/variation.hpp"
#include "sde/numbers/infinity.hpp"

namespace kramers::analysis {
namespace {

/// The root of a function that falls from positive to negative, in exp(low) .. exp(high).
template <class F>
double root(F f, double low, double high) {
  std::uintmax_t rounds = 200;
  const auto bracket = boost::math::tools::toms748_solve([&](double log) { return f(std::exp(log)); }, low, high,
                                                         boost::math::tools::eps_tolerance<double>(40), rounds);
  return std::exp((bracket.first + bracket.second) / 2);
}

double chi_squared_quantile(double degrees, double probability) {
  return quantile(boost::math::chi_squared(degrees), probability);
}

/// Replicates that have every start group; where none is missing their means, and what they tell.
struct Spread {
  std::vector<double> of_replicates;  // means
  double between_groups = 0;          // B
  double contrast_error = 0;          // e
  double variance = 0, excess = 0;    // s^2 and k4 of the means of replicates

  explicit Spread(const Watched& w) {
    const std::size_t groups = w.means.size(), replicates = w.means.front().size();
    bool complete = true;
    for (std::size_t g = 0; g < replicates; ++g) {
      double sum = 0, share = 0;
      for (std::size_t j = 0; j < groups; ++j) {
        if (std::isnan(w.means[j][g])) {
          complete = false;
          continue;
        }
        sum += w.shares[j] * w.means[j][g];
        share += w.shares[j];
      }
      if (share > 0) of_replicates.push_back(sum / share);
    }
    const double count = double(of_replicates.size());
    const double mean = std::accumulate(of_replicates.begin(), of_replicates.end(), 0.0) / count;
    double squares = 0, fourths = 0;
    for (double x : of_replicates) {
      const double square = (x - mean) * (x - mean);
      squares += square;
      fourths += square * square;
    }
    variance = squares / (count - 1);
    if (squares > 0) excess = std::max(0.0, count * fourths / (squares * squares) - 3);
    if (!complete || groups < 2) return;
    double error_squared = 0;
    for (std::size_t j = 0; j < groups; ++j) {
      double m = 0, spread = 0;
      for (std::size_t g = 0; g < replicates; ++g) m += (w.means[j][g] - of_replicates[g]) / count;
      for (std::size_t g = 0; g < replicates; ++g) {
        const double off = w.means[j][g] - of_replicates[g] - m;
        spread += off * off / (count - 1);
      }
      between_groups += w.shares[j] * m * m;
      error_squared += w.shares[j] * spread / count;
    }
    contrast_error = std::sqrt(error_squared);
  }
};

/// Standard deviation of the initial values over the start groups.
double initial_deviation(const Watched& w) {
  if (w.initial.size() != w.shares.size()) return 0;
  double mean = 0, variance = 0;
  for (std::size_t j = 0; j < w.shares.size(); ++j) mean += w.shares[j] * w.initial[j];
  for (std::size_t j = 0; j < w.shares.size(); ++j)
    variance += w.shares[j] * (w.initial[j] - mean) * (w.initial[j] - mean);
  return std::sqrt(variance);
}

bool starts_lie_in_two_basins(const SamplingFacts& facts) {
  for (const StartPoint& start : facts.starts)
    if (start.basin >= 0 && start.basin != facts.starts.front().basin && facts.starts.front().basin >= 0) return true;
  return false;
}

}  // namespace

double certainly_kept(const Watched& w, const SamplingFacts& facts, double alpha) {
  const Spread spread(w);
  const double replicates = double(spread.of_replicates.size()), freedom = replicates - 1;
  return double(facts.trajectories) / replicates * spread.variance * freedom /
         chi_squared_quantile(freedom, 1 - alpha) / w.variance;
}

double variance_of_mean(double x) {
  if (x < 1e-3) return 1 - x / 3;
  return 2 / x * (1 + std::expm1(-x) / x);
}

double relaxations_from(double share) {
  if (!(share < 1)) return 0;
  if (share <= 0) return infinity;
  return root([&](double x) { return variance_of_mean(x) - share; }, std::log(1e-6), std::log(4 / share));
}

double held_share(double before, double sampled) {
  if (!std::isfinite(before) || !std::isfinite(sampled)) return 0;
  return sampled > 0 ? std::exp(-before) * -std::expm1(-sampled) / sampled : std::exp(-before);
}

WatchedTime relaxation_time(const Watched& w, const SamplingFacts& facts, double alpha) {
  WatchedTime result{.kept = 1, .time = {}};
  const Spread spread(w);
  const double replicates = double(spread.of_replicates.size());
  if (!(w.variance > 0) || replicates < 2) return result;
  const bool seen =
      w.kind == Watched::Kind::quantity || (2 * w.seen_in >= int(replicates) && 2 * w.unseen_in >= int(replicates));

  // within trajectories: how much of the variance is left in their means
  const double freedom = 2 / (2 / (replicates - 1) + spread.excess / replicates);
  const double of_trajectories = double(facts.trajectories) / replicates * spread.variance;
  result.kept = (of_trajectories * freedom / chi_squared_quantile(freedom, alpha) + spread.between_groups) / w.variance;
  if (result.kept < largest_kept && seen) result.time = facts.sampled_time / relaxations_from(result.kept);

  // the contrast of start groups: how much of their initial distance is left
  const double initial = initial_deviation(w);
  if (initial < std::sqrt(w.variance) / 2 || !(starts_lie_in_two_basins(facts) || facts.minima == 1)) return result;
  const double t = student_quantile(alpha, int(replicates) - 1);
  const double left = (std::sqrt(spread.between_groups) + t * spread.contrast_error) / initial;
  if (!(left < std::exp(-1)) || !(left > 0)) return result;
  const auto too_fast = [&](double time) {
    return left - held_share(facts.burn_in_time / time, facts.sampled_time / time);
  };
  const double longest = std::log(1e6 * (facts.burn_in_time + facts.sampled_time));
  const double time = root(too_fast, std::log(1e-9 * facts.sampled_time), longest);
  if (!result.time || time < *result.time) result = {result.kept, time, true};
  return result;
}

}  // namespace kramers::analysis
