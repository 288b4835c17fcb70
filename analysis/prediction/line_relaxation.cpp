#include "analysis/prediction/line_relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/prediction/line_grid.hpp"

namespace kramers::analysis {

namespace {

constexpr double beyond_all_mass = 45;  // rise of F, where exp(-F) is below 1e-19 of its peak

/// The rate on a uniform grid of `cells` cells; error of second order in their width.
double rate_on_grid(const LineDensity& density, double temperature, double low, double high, int cells) {
  const LineGrid grid(density, temperature, low, high, cells);
  const int n = cells + 1;

  // Inverse iteration: flux of the deviation x through each face, then the deviation that this flux keeps up.
  std::vector<double> x(n);
  for (int i = 0; i < n; ++i) x[i] = i - cells / 2.0;
  double rate = 0;
  for (int round = 0; round < 200; ++round) {
    // By the largest first: the square of a cold deviation would overflow.
    double largest = 0, square = 0;
    for (double v : x) largest = std::max(largest, std::fabs(v));
    for (double& v : x) v /= largest;
    const double mean = grid.mean(x);
    for (double& v : x) v -= mean;
    for (int i = 0; i < n; ++i) square += grid.mass[i] * x[i] * x[i];
    for (double& v : x) v /= std::sqrt(square);

    const std::vector<double> flux = grid.flux(x);
    double work = 0;
    std::vector<double> next(n);
    for (int i = 0; i < cells; ++i) {
      const double drop = flux[i] * grid.resistance[i];
      next[i + 1] = next[i] - drop;
      work += flux[i] * drop;
    }
    // <x, A^-1 x> with |x| = 1; converges to 1 / rate from below.
    const double now = 1 / work;
    x = std::move(next);
    if (std::fabs(now - rate) < 1e-12 * now) return now;
    rate = now;
  }
  return rate;
}

/// Does F change by less than 1 from a well that holds mass to the nodes beside it? What falls between nodes is not
/// seen by any of the grids, however well they agree.
bool sees_wells(const LineDensity& density, double width) {
  double lowest = std::numeric_limits<double>::infinity();
  for (double x : density.landmarks) lowest = std::min(lowest, density.minus_log(x));
  return std::ranges::all_of(density.landmarks, [&](double x) {
    const double here = density.minus_log(x);
    const auto near = [&](double other) { return std::fabs(density.minus_log(other) - here) < 1; };
    return here - lowest > beyond_all_mass || (near(x - width) && near(x + width));
  });
}

}  // namespace

std::optional<double> relaxation_rate(const LineDensity& density, double temperature) {
  if (density.variance) return temperature / *density.variance;
  if (line_barrier(density) > 600) return 0;
  const auto [low, high] = line_support(density, beyond_all_mass);
  double coarse = rate_on_grid(density, temperature, low, high, 2000), before = 0;
  for (int cells = 4000;; cells *= 2) {
    const double fine = rate_on_grid(density, temperature, low, high, cells);
    const double extrapolated = fine + (fine - coarse) / 3;
    const double change = std::fabs(extrapolated - before);
    const bool seen = sees_wells(density, (high - low) / cells);
    if (seen && change < 1e-7 * extrapolated) return extrapolated;
    if (cells >= 256'000) return seen && change < 1e-3 * extrapolated ? std::optional(extrapolated) : std::nullopt;
    coarse = fine;
    before = extrapolated;
  }
}

}  // namespace kramers::analysis
