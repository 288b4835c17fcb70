#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/prediction/law.hpp"

namespace kramers::analysis {
namespace {

/// Cells of a grid over one axis along which the law is normal.
std::vector<double> normal_cells(const sde::DensityGrid& grid, double mean, double deviation) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto below = [](double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; };
  // Relatively exact in either tail.
  const auto between = [&](double low, double high) {
    const double from = (low - mean) / deviation, to = (high - mean) / deviation;
    return from > 0 ? below(-from) - below(-to) : below(to) - below(from);
  };
  std::vector<double> cells;
  for (int i = 0; i < grid.bins[0]; ++i) cells.push_back(between(grid.edge(0, i), grid.edge(0, i + 1)));
  cells.push_back(between(-infinity, grid.edge(0, 0)));
  cells.push_back(between(grid.edge(0, grid.bins[0]), infinity));
  return cells;
}

}  // namespace

/// The normal law of the lowest minimum's parabola, mean theta* and covariance T H(theta*)^-1: that of the
/// Ornstein-Uhlenbeck process, and Boltzmann-Gibbs to the leading order in T where that minimum is alone. It knows no
/// basins, and of densities those over one axis.
Law gaussian_law() {
  return {
      .name = "gaussian",
      .title = "Gaussian",
      .heading = "Gaussian",
      .summary = "the normal law of the lowest minimum",
      .source = "Gardiner, Handbook of Stochastic Methods (2nd ed.), section 4.4",
      .is_whole = true,
      .predict = [](const LawInput& run) -> Answer<Prediction> {
        using None = Answer<Prediction>;
        const auto& minima = run.landscape.minima();
        if (minima.empty()) return None::none("no minimum is known, around which it would be normal");
        const auto lowest = std::ranges::min_element(minima, {}, &landscapes::Minimum::loss);
        const Eigen::LLT<Eigen::MatrixXd> hessian(run.landscape.hessian(lowest->at));
        if (hessian.info() != Eigen::Success || !(run.temperature > 0))
          return None::none("the Hessian of the lowest minimum is not positive definite, or the temperature not > 0");
        const int d = run.landscape.dim();
        const Eigen::MatrixXd covariance = run.temperature * hessian.solve(Eigen::MatrixXd::Identity(d, d)).eval();
        Prediction prediction;
        for (int i = 0; i < d; ++i) {
          prediction.mean.push_back(lowest->at[i]);
          prediction.second_moment.push_back(lowest->at[i] * lowest->at[i] + covariance(i, i));
        }
        for (const sde::DensityGrid& grid : run.grids) {
          const int axis = grid.axes[0];
          prediction.densities.push_back(
              grid.axes.size() == 1
                  ? std::optional(normal_cells(grid, lowest->at[axis], std::sqrt(covariance(axis, axis))))
                  : std::nullopt);
        }
        return prediction;
      }};
}

}  // namespace kramers::analysis
