#include "analysis/statistics/estimates.hpp"

#include <Eigen/Core>
#include <cmath>

#include "analysis/statistics/fractions.hpp"
#include "analysis/statistics/run_sums.hpp"
#include "analysis/statistics/variation.hpp"

namespace kramers::analysis {

using Eigen::VectorXd;

Estimate share(const VectorXd& counted, const VectorXd& due) {
  Estimate found = jackknife_mean(counted, due);
  if (counted.sum() == 0 || counted.sum() == due.sum()) found.error = std::nan("");
  return found;
}

Estimate basin_weight(const Estimate& share, std::uint64_t crossings, std::uint64_t trajectories) {
  if (crossings == 0 || trajectories < 2) return unknown_estimate;
  return {share.value, std::hypot(std::isnan(share.error) ? 0 : share.error, 1 / double(trajectories))};
}

std::vector<Estimate> cell_probabilities(const sde::Counts& counts, const sde::Counts& expected) {
  VectorXd due = VectorXd::Zero(expected.replicates);
  for (int group = 0; group < expected.groups; ++group)
    for (int g = 0; g < expected.replicates; ++g) due[g] += double(expected(group, g, 0));

  std::vector<Estimate> probabilities;
  VectorXd counted(counts.replicates);
  for (int k = 0; k < counts.cells; ++k) {
    counted.setZero();
    for (int group = 0; group < counts.groups; ++group)
      for (int g = 0; g < counts.replicates; ++g) counted[g] += double(counts(group, g, k));
    probabilities.push_back(share(counted, due));
  }
  return probabilities;
}

std::vector<double> total_variation_errors(const sde::RunStatistics& statistics) {
  std::vector<double> errors;
  for (const sde::Counts& density : statistics.densities)
    errors.push_back(largest_error(fractions(density, statistics.expected)));
  return errors;
}

Estimate correlation(const sde::RunStatistics& s, int i, int j) {
  const RunSums run(s);
  Eigen::MatrixXd columns(run.sums.rows(), 5);
  const int product = s.rows().square(i) + j - i;
  columns << run.sums.col(i), run.sums.col(j), run.sums.col(s.rows().square(i)), run.sums.col(s.rows().square(j)),
      run.sums.col(product);
  return jackknife(columns, run.weights, [](const VectorXd& m) {
    return (m[4] - m[0] * m[1]) / std::sqrt((m[2] - m[0] * m[0]) * (m[3] - m[1] * m[1]));
  });
}

Moments moments(const sde::RunStatistics& statistics, const ExistingMoments& existing) {
  const RunSums run(statistics);
  const int dim = statistics.dim, products = dim, loss = dim + statistics.product_count();

  // <a b> - <a> <b> of the columns a, b and their product's.
  const auto covariance = [&](int a, int b, int product) {
    Eigen::MatrixXd columns(run.sums.rows(), 3);
    columns << run.sums.col(a), run.sums.col(b), run.sums.col(product);
    return jackknife(columns, run.weights, [](const VectorXd& m) { return m[2] - m[0] * m[1]; });
  };

  Moments moments;
  for (int i = 0; i < dim; ++i) moments.mean.push_back(jackknife_mean(run.sums.col(i), run.weights));
  if (statistics.full_covariance) {
    moments.covariance.resize(std::size_t(dim) * dim);
    int product = products;
    for (int i = 0; i < dim; ++i)
      for (int j = i; j < dim; ++j, ++product)
        moments.covariance[std::size_t(i) * dim + j] = moments.covariance[std::size_t(j) * dim + i] =
            covariance(i, j, product);
    for (int i = 0; i < dim; ++i) moments.variance.push_back(moments.covariance[std::size_t(i) * dim + i]);
  } else {
    for (int i = 0; i < dim; ++i) moments.variance.push_back(covariance(i, i, products + i));
  }
  moments.loss_mean = jackknife_mean(run.sums.col(loss), run.weights);
  moments.loss_variance = covariance(loss, loss, loss + 1);
  forget_missing(moments, existing);
  if (!existing.variance) moments.covariance.assign(moments.covariance.size(), unknown_estimate);
  return moments;
}

}  // namespace kramers::analysis
