#include "analysis/verdict/passage_estimates.hpp"

#include <cmath>
#include <limits>

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

/// A ratio to what is zero without some replicate has no error.
Estimate with_error(Estimate estimate) {
  if (std::isnan(estimate.error)) estimate.error = std::numeric_limits<double>::infinity();
  return estimate;
}

/// S at the start of bin `last`, from shares of the trajectories: passed in each cell, then lost in each.
double survival(const VectorXd& shares, int last) {
  const auto cells = shares.size() / 2;
  double survival = 1, at_risk = 1;
  for (int bin = 0; bin < last; ++bin) {
    const double passed = shares[bin], lost = shares[cells + bin], exposed = at_risk - lost / 2;
    if (exposed > 0) survival *= 1 - passed / exposed;
    at_risk -= passed + lost;
  }
  return survival;
}

}  // namespace

std::vector<PassageEstimates> passage_estimates(const sde::PassageCounts& counts, double time_step) {
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
    const auto of_means = [&](auto f) { return with_error(jackknife(sums, trajectories, f)); };
    estimates.rate = of_means([](const VectorXd& mean) { return mean[0] / mean[1]; });
    estimates.mean_time = of_means([](const VectorXd& mean) { return mean[1] / mean[0]; });
    estimates.restricted_mean = of_means([](const VectorXd& mean) { return mean[1]; });
    MatrixXd cells(trajectories.size(), 2 * counts.passed.cells);
    cells << passed, lost;
    for (int bin = 0; bin < counts.passed.cells; ++bin)
      estimates.survival.push_back(
          with_error(jackknife(cells, trajectories, [bin](const VectorXd& shares) { return survival(shares, bin); })));
    all.push_back(std::move(estimates));
  }
  return all;
}

}  // namespace kramers::analysis
