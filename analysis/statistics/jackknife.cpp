#include "analysis/statistics/jackknife.hpp"

#include <cmath>

namespace kramers::analysis {

std::vector<Estimate> jackknife_all(const Eigen::MatrixXd& sums, const Eigen::VectorXd& weights,
                                    const std::function<std::vector<double>(const Eigen::VectorXd&)>& f) {
  const double weight = weights.sum();
  const Eigen::VectorXd total = sums.colwise().sum();
  std::vector<Estimate> all;
  for (double value : f(total / weight)) all.push_back({weight == 0 ? std::nan("") : value, std::nan("")});
  if (weight == 0) return all;

  std::vector<std::vector<double>> without;
  for (Eigen::Index g = 0; g < sums.rows(); ++g)
    if (weights[g] > 0 && weight > weights[g])
      without.push_back(f((total - sums.row(g).transpose()) / (weight - weights[g])));
  if (without.size() < 2) return all;

  const double count = double(without.size());
  for (std::size_t k = 0; k < all.size(); ++k) {
    double mean = 0, squares = 0;
    for (const std::vector<double>& x : without) mean += x[k] / count;
    for (const std::vector<double>& x : without) squares += (x[k] - mean) * (x[k] - mean);
    all[k].error = std::sqrt((count - 1) / count * squares);
  }
  return all;
}

Estimate jackknife(const Eigen::MatrixXd& sums, const Eigen::VectorXd& weights,
                   const std::function<double(const Eigen::VectorXd&)>& f) {
  return jackknife_all(sums, weights, [&](const Eigen::VectorXd& means) { return std::vector{f(means)}; })[0];
}

Estimate jackknife_mean(const Eigen::VectorXd& sums, const Eigen::VectorXd& weights) {
  return jackknife(sums, weights, [](const Eigen::VectorXd& means) { return means[0]; });
}

}  // namespace kramers::analysis
