#include "analysis/statistics/distances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace kramers::analysis {

namespace {

void same_size(const std::vector<double>& p, const std::vector<double>& q) {
  if (p.size() != q.size())
    throw std::invalid_argument(fmt::format("laws on {} and {} cells cannot be compared", p.size(), q.size()));
}

/// Sum over cells of term(p_k, q_k).
template <class Term>
double sum_over_cells(const std::vector<double>& p, const std::vector<double>& q, Term term) {
  same_size(p, q);
  double sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += term(p[k], q[k]);
  return sum;
}

/// Integral of |line from a to b| over a unit interval.
double mean_absolute(double a, double b) {
  if (a * b >= 0) return std::abs(a + b) / 2;
  return (a * a + b * b) / (2 * std::abs(b - a));
}

}  // namespace

double total_variation(const std::vector<double>& p, const std::vector<double>& q) {
  return sum_over_cells(p, q, [](double a, double b) { return std::abs(a - b) / 2; });
}

double kullback_leibler(const std::vector<double>& p, const std::vector<double>& q) {
  return sum_over_cells(p, q, [](double a, double b) {
    if (a == 0) return 0.0;
    return b > 0 ? a * std::log(a / b) : std::numeric_limits<double>::infinity();
  });
}

double kullback_leibler_bias(int cells, double samples) { return (cells - 1) / (2 * samples); }

double jensen_shannon(const std::vector<double>& p, const std::vector<double>& q) {
  return sum_over_cells(p, q, [](double a, double b) {
    const double m = (a + b) / 2;
    return ((a > 0 ? a * std::log(a / m) : 0.0) + (b > 0 ? b * std::log(b / m) : 0.0)) / 2;
  });
}

double squared_hellinger(const std::vector<double>& p, const std::vector<double>& q) {
  // (sqrt p - sqrt q)^2 / 2 is the same, without the cancellation.
  return sum_over_cells(p, q, [](double a, double b) { return std::pow(std::sqrt(a) - std::sqrt(b), 2) / 2; });
}

double wasserstein(const std::vector<double>& p, const std::vector<double>& q, const std::vector<double>& edges) {
  same_size(p, q);
  if (edges.size() != p.size() + 1)
    throw std::invalid_argument(fmt::format("{} bins need {} edges, not {}", p.size(), p.size() + 1, edges.size()));
  double distance = 0, before = 0;  // F - G at the left edge
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double after = before + p[k] - q[k];
    distance += mean_absolute(before, after) * (edges[k + 1] - edges[k]);
    before = after;
  }
  return distance;
}

double kolmogorov_smirnov(const std::vector<double>& p, const std::vector<double>& q) {
  same_size(p, q);
  double largest = 0, difference = 0;
  for (std::size_t k = 0; k < p.size(); ++k) largest = std::max(largest, std::abs(difference += p[k] - q[k]));
  return largest;
}

}  // namespace kramers::analysis
