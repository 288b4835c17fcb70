#include "analysis/prediction/time_average.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::analysis {
namespace {

constexpr int line_cells = 16'000;

LineGrid grid_of(const LineDensity& density, double temperature) {
  const auto [low, high] = line_support(density, 45);
  return {density, temperature, low, high, line_cells};
}

/// g: what remains of a variance that is averaged over so many times of forgetting.
double averaged(double x) { return x < 1e-3 ? 1 - x / 3 : 2 * (x - 1 + std::exp(-x)) / (x * x); }

}  // namespace

TimeAverage::TimeAverage(const LineDensity& density, double temperature, Sampling sampling, double slowness)
    : grid_(grid_of(density, temperature)), sampling_(sampling) {
  for (double& r : grid_.resistance) r *= slowness;
}

double TimeAverage::variance(std::vector<double> f) const {
  const double mean = grid_.mean(f);
  double v = 0, sigma_squared = 0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    f[i] -= mean;
    v += grid_.mass[i] * f[i] * f[i];
  }
  if (v == 0) return 0;
  const std::vector<double> flux = grid_.flux(f);
  for (std::size_t i = 0; i < flux.size(); ++i) sigma_squared += 2 * flux[i] * flux[i] * grid_.resistance[i];
  const double tau = sigma_squared / (2 * v);
  const double x = sampling_.time / tau;
  const double held = std::exp(-sampling_.burn_in / tau) * (x < 1e-9 ? 1 : -std::expm1(-x) / x);
  return std::min(v, std::hypot(v * std::max(0.0, averaged(x) - held * held), v / sampling_.samples));
}

double TimeAverage::variance_between(double low, double high) const {
  std::vector<double> inside(grid_.x.size());
  // A node stands for the width around it.
  for (std::size_t i = 0; i < inside.size(); ++i)
    inside[i] = std::clamp((high - grid_.x[i]) / grid_.width + 0.5, 0.0, 1.0) -
                std::clamp((low - grid_.x[i]) / grid_.width + 0.5, 0.0, 1.0);
  return variance(std::move(inside));
}

}  // namespace kramers::analysis
