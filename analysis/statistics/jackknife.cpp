#include "analysis/statistics/jackknife.hpp"

#include <cmath>
#include <vector>

namespace kramers::analysis {

Estimate jackknife(const Eigen::MatrixXd& sums, const Eigen::VectorXd& weights,
                   const std::function<double(const Eigen::VectorXd&)>& f) {
  const double weight = weights.sum();
  const Eigen::VectorXd total = sums.colwise().sum();
  if (weight == 0) return {std::nan(""), std::nan("")};
  const double value = f(total / weight);

  std::vector<double> without;
  for (Eigen::Index g = 0; g < sums.rows(); ++g)
    if (weights[g] > 0 && weight > weights[g])
      without.push_back(f((total - sums.row(g).transpose()) / (weight - weights[g])));
  if (without.size() < 2) return {value, std::nan("")};

  const double count = double(without.size());
  double mean = 0, squares = 0;
  for (double x : without) mean += x / count;
  for (double x : without) squares += (x - mean) * (x - mean);
  return {value, std::sqrt((count - 1) / count * squares)};
}

Estimate jackknife_mean(const Eigen::VectorXd& sums, const Eigen::VectorXd& weights) {
  return jackknife(sums, weights, [](const Eigen::VectorXd& means) { return means[0]; });
}

}  // namespace kramers::analysis
