#include "analysis/prediction/plane_relaxation.hpp"

#include <Eigen/Cholesky>
#include <Eigen/SparseCholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/prediction/gibbs.hpp"

namespace kramers::analysis {
namespace {

using landscapes::Landscape;
using landscapes::Point;
using Sparse = Eigen::SparseMatrix<double>;

/// Nodes along an axis: even ones over all that holds mass, more around each minimum in units of its thermal width.
std::vector<double> nodes(const Landscape& landscape, double temperature, int axis, double low, double high) {
  constexpr int even = 32;
  std::vector<double> at;
  for (int i = 0; i <= even; ++i) at.push_back(low + (high - low) * i / even);
  for (const auto& minimum : landscape.minima()) {
    const Eigen::LDLT<Eigen::MatrixXd> hessian(landscape.hessian(minimum.at));
    const double variance = temperature * hessian.solve(Point(Point::Unit(2, axis)))[axis];
    if (!(variance > 0)) continue;
    for (double k = -3; k <= 3; k += 0.75) at.push_back(minimum.at[axis] + k * std::sqrt(variance));
  }
  std::sort(at.begin(), at.end());
  std::vector<double> kept;
  for (double x : at)
    if (x >= low && x <= high && (kept.empty() || x - kept.back() > 1e-6 * (high - low))) kept.push_back(x);
  return kept;
}

/// Of the products of hat functions on one cell, s and t the coordinates in it from 0 to 1: mass times
/// {(1 - s)^2, s (1 - s), s^2} times the same of t.
struct Cell {
  double moment[3][3] = {};

  void add(double mass, double s, double t) {
    const double of_s[3] = {(1 - s) * (1 - s), s * (1 - s), s * s}, of_t[3] = {(1 - t) * (1 - t), t * (1 - t), t * t};
    for (int p = 0; p < 3; ++p)
      for (int q = 0; q < 3; ++q) moment[p][q] += mass * of_s[p] * of_t[q];
  }
  /// As if so much lay evenly in it.
  void spread(double mass) {
    for (int p = 0; p < 3; ++p)
      for (int q = 0; q < 3; ++q) moment[p][q] = mass / (p == 1 ? 6 : 3) / (q == 1 ? 6 : 3);
  }
  double over_s(int q) const { return moment[0][q] + 2 * moment[1][q] + moment[2][q]; }
  double over_t(int p) const { return moment[p][0] + 2 * moment[p][1] + moment[p][2]; }
  double mass() const { return over_s(0) + 2 * over_s(1) + over_s(2); }
};

/// What the mass, in all 1, holds of products of hat functions and of their gradients.
struct Grid {
  std::array<std::vector<double>, 2> at;
  Sparse stiffness, overlap;

  int index(int i, int j) const { return i * int(at[1].size()) + j; }
  int size() const { return int(at[0].size() * at[1].size()); }

  Grid(const PlaneDensity& plane, std::array<std::vector<double>, 2> ends) : at(std::move(ends)) {
    const int rows = int(at[0].size()) - 1, columns = int(at[1].size()) - 1;
    std::vector<Cell> cells(rows * columns);
    double total = 0;
    visit_plane(plane, at, [&](double x, double y, double mass) {
      const auto cell = [](const std::vector<double>& ends, double u) {
        return int(std::upper_bound(ends.begin(), ends.end(), u) - ends.begin()) - 1;
      };
      const int i = cell(at[0], x), j = cell(at[1], y);
      if (mass == 0 || i < 0 || j < 0 || i >= rows || j >= columns) return;
      total += mass;
      cells[i * columns + j].add(mass, (x - at[0][i]) / (at[0][i + 1] - at[0][i]),
                                 (y - at[1][j]) / (at[1][j + 1] - at[1][j]));
    });
    // Where there is next to nothing quadrature does not resolve a cell: its mass lies evenly in it. None is so empty
    // that it does not hold its neighbours.
    constexpr double little = 1e-8, least = 1e-27;
    std::vector<Eigen::Triplet<double>> k, m;
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j) {
        Cell& cell = cells[i * columns + j];
        if (cell.mass() < little * total) cell.spread(std::max(cell.mass(), least * total));
        const double dx = at[0][i + 1] - at[0][i], dy = at[1][j + 1] - at[1][j];
        for (int a = 0; a < 4; ++a)
          for (int b = 0; b < 4; ++b) {
            const int p = a / 2 + b / 2, q = a % 2 + b % 2;
            const int row = index(i + a / 2, j + a % 2), column = index(i + b / 2, j + b % 2);
            const double slopes =
                (p == 1 ? -1 : 1) * cell.over_s(q) / (dx * dx) + (q == 1 ? -1 : 1) * cell.over_t(p) / (dy * dy);
            k.emplace_back(row, column, slopes / total);
            m.emplace_back(row, column, cell.moment[p][q] / total);
          }
      }
    stiffness.resize(size(), size());
    overlap.resize(size(), size());
    stiffness.setFromTriplets(k.begin(), k.end());
    overlap.setFromTriplets(m.begin(), m.end());
  }
};

/// Where the mass is, but for one part in 10^9.
std::array<std::array<double, 2>, 2> extent(const PlaneDensity& plane) {
  std::array<std::vector<std::pair<double, double>>, 2> points;
  visit_plane(plane, {}, [&](double x, double y, double mass) {
    if (mass == 0) return;
    points[0].emplace_back(x, mass);
    points[1].emplace_back(y, mass);
  });
  std::array<std::array<double, 2>, 2> result;
  for (int axis : {0, 1}) {
    auto& p = points[axis];
    std::sort(p.begin(), p.end());
    double total = 0, below = 0;
    for (const auto& [x, mass] : p) total += mass;
    result[axis] = {p.front().first, p.back().first};
    for (const auto& [x, mass] : p) {
      if (below < 1e-9 * total) result[axis][0] = x;
      if (below < (1 - 1e-9) * total) result[axis][1] = x;
      below += mass;
    }
  }
  return result;
}

}  // namespace

PlaneRelaxation plane_relaxation(const Landscape& landscape, double temperature) {
  const PlaneDensity plane = *gibbs_plane(landscape, {0, 1}, temperature);
  const auto box = extent(plane);
  const Grid grid(plane, {nodes(landscape, temperature, 0, box[0][0], box[0][1]),
                          nodes(landscape, temperature, 1, box[1][0], box[1][1])});

  // The heaviest node is held at 0: constants do not count.
  const Eigen::VectorXd mass = grid.overlap * Eigen::VectorXd::Ones(grid.size());
  int heaviest = 0;
  mass.maxCoeff(&heaviest);
  std::vector<int> unknown(grid.size(), -1), node;
  for (int i = 0; i < grid.size(); ++i)
    if (i != heaviest) {
      unknown[i] = int(node.size());
      node.push_back(i);
    }
  const int n = int(node.size());
  Eigen::VectorXd scale(n);
  for (int i = 0; i < n; ++i) scale[i] = 1 / std::sqrt(grid.stiffness.coeff(node[i], node[i]));
  std::vector<Eigen::Triplet<double>> kept;
  for (int column = 0; column < grid.size(); ++column)
    for (Sparse::InnerIterator it(grid.stiffness, column); it; ++it)
      if (const int i = unknown[it.row()], j = unknown[column]; i >= 0 && j >= 0)
        kept.emplace_back(i, j, it.value() * scale[i] * scale[j]);
  Sparse scaled(n, n);
  scaled.setFromTriplets(kept.begin(), kept.end());
  const Eigen::SimplicialLDLT<Sparse> factored(scaled);

  // Inverse iteration from a mixture of both coordinates.
  Eigen::VectorXd x(grid.size()), coordinate[2] = {x, x};
  for (int i = 0; i < int(grid.at[0].size()); ++i)
    for (int j = 0; j < int(grid.at[1].size()); ++j) {
      const int k = grid.index(i, j);
      coordinate[0][k] = grid.at[0][i];
      coordinate[1][k] = grid.at[1][j];
      x[k] = grid.at[0][i] + 0.37 * grid.at[1][j];
    }
  const auto centred = [&](Eigen::VectorXd f) { return Eigen::VectorXd(f.array() - mass.dot(f)); };
  const auto covariance = [&](const Eigen::VectorXd& f, const Eigen::VectorXd& g) { return f.dot(grid.overlap * g); };
  double rate = 0;
  for (int round = 0; round < 300; ++round) {
    x = centred(x);
    x /= std::sqrt(covariance(x, x));
    const Eigen::VectorXd source = grid.overlap * x;
    Eigen::VectorXd given(n), next = Eigen::VectorXd::Zero(grid.size());
    for (int i = 0; i < n; ++i) given[i] = scale[i] * source[node[i]];
    const Eigen::VectorXd solved = factored.solve(given);
    for (int i = 0; i < n; ++i) next[node[i]] = scale[i] * solved[i];
    const Eigen::VectorXd y = centred(next);
    const double now = temperature * y.dot(source) / covariance(y, y);  // as what y is kept up by, K y = M x
    x = next;
    const bool settled = std::abs(now - rate) < 1e-7 * now;
    rate = now;
    if (settled) break;
  }

  // Below this rounding hides it.
  const double width = std::min(box[0][1] - box[0][0], box[1][1] - box[1][0]);
  PlaneRelaxation result{std::max(rate, 1e-13 * temperature / (width * width)), {}, 0};
  x = centred(x);
  const double variance = covariance(x, x);
  for (int axis : {0, 1}) {
    const Eigen::VectorXd c = centred(coordinate[axis]);
    result.correlation[axis] = std::pow(covariance(x, c), 2) / (variance * covariance(c, c));
  }
  if (landscape.basins() && landscape.minima().size() > 1) {
    std::vector<double> weight(landscape.minima().size()), sum(weight.size());
    for (int k = 0; k < grid.size(); ++k) {
      Point theta(2);
      theta << coordinate[0][k], coordinate[1][k];
      const int basin = basin_of(*landscape.basins(), theta);
      if (basin < 0) continue;
      weight[basin] += mass[k];
      sum[basin] += mass[k] * x[k];
    }
    for (std::size_t b = 0; b < sum.size(); ++b)
      if (weight[b] > 0) result.between_basins += sum[b] * sum[b] / weight[b] / variance;
  }
  return result;
}

}  // namespace kramers::analysis
