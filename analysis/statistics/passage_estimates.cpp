#include "analysis/statistics/passage_estimates.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The counts of one origin, replicates x cells.
MatrixXd of_origin(const sde::Counts& counts, int origin) {
  MatrixXd all(counts.replicates, counts.cells);
  for (int g = 0; g < counts.replicates; ++g)
    for (int cell = 0; cell < counts.cells; ++cell) all(g, cell) = double(counts(origin, g, cell));
  return all;
}

/// S at the start of every bin, from shares of the trajectories: passed in each cell, then lost in each.
std::vector<double> survival_curve(const VectorXd& shares) {
  const auto cells = shares.size() / 2;
  std::vector<double> curve;
  double survival = 1, at_risk = 1;
  for (int bin = 0; bin < cells; ++bin) {
    curve.push_back(survival);
    const double passed = shares[bin], lost = shares[cells + bin], exposed = at_risk - lost / 2;
    if (exposed > 0) survival *= 1 - passed / exposed;
    at_risk -= passed + lost;
  }
  return curve;
}

}  // namespace

Bounds rate_interval(double events, double exposure, double alpha) {
  const auto chi2 = [](double probability, double freedom) {
    return boost::math::quantile(boost::math::chi_squared(freedom), probability);
  };
  if (!(exposure > 0)) return {std::nan(""), std::nan("")};
  if (events == 0) return {0, -std::log(alpha) / exposure};
  return {chi2(alpha / 2, 2 * events) / (2 * exposure), chi2(1 - alpha / 2, 2 * events + 2) / (2 * exposure)};
}

std::vector<PassageEstimates> passage_estimates(const sde::PassageCounts& counts, double time_step, double alpha) {
  std::vector<PassageEstimates> all;
  for (int origin = 0; origin < counts.trajectories.groups; ++origin) {
    const MatrixXd passed = of_origin(counts.passed, origin), lost = of_origin(counts.lost, origin);
    const VectorXd trajectories = of_origin(counts.trajectories, origin).col(0);
    MatrixXd sums(trajectories.size(), 2);
    sums << passed.rowwise().sum(), time_step * of_origin(counts.exposure, origin);

    PassageEstimates estimates;
    estimates.trajectories = std::uint64_t(trajectories.sum());
    estimates.passed = std::uint64_t(passed.sum());
    estimates.lost = std::uint64_t(lost.sum());
    const double waited = trajectories.sum(), one_more = estimates.passed < estimates.trajectories ? 1 / waited : 0;
    const auto of_means = [&](auto f) { return jackknife(sums, trajectories, f); };
    estimates.rate = of_means([](const VectorXd& mean) { return mean[0] / mean[1]; });
    estimates.mean_time = of_means([&](const VectorXd& mean) { return mean[1] / (mean[0] + one_more); });
    estimates.restricted_mean = of_means([](const VectorXd& mean) { return mean[1]; });
    if (estimates.passed == 0) {
      estimates.rate.error = std::nan("");
      estimates.mean_time = unknown_estimate;
    }
    estimates.rate_interval = rate_interval(double(estimates.passed), sums.col(1).sum(), alpha);
    estimates.mean_time_interval = {1 / estimates.rate_interval.upper, 1 / estimates.rate_interval.lower};
    MatrixXd cells(trajectories.size(), 2 * counts.passed.cells);
    cells << passed, lost;
    estimates.survival = jackknife_all(cells, trajectories, survival_curve);
    for (int bin = 1; bin < counts.passed.cells; ++bin)
      estimates.survival[bin].error = std::hypot(estimates.survival[bin].error, 1 / waited);
    all.push_back(std::move(estimates));
  }
  return all;
}

}  // namespace kramers::analysis
