#include "apps/figures/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kramers::apps {
namespace {

/// The smallest of 1, 2, 5, 10, 20, ... times `unit` that is at least `step`.
double round_up(double step) {
  const double unit = std::pow(10, std::floor(std::log10(step)));
  for (double factor : {1, 2, 5})
    if (step <= factor * unit * (1 + 1e-9)) return factor * unit;
  return 10 * unit;
}

}  // namespace

Ticks ticks(double low, double high, int most) {
  if (!(low < high) || !std::isfinite(high - low))
    throw std::invalid_argument(fmt::format("an axis from {} to {}: it must be finite and rise", low, high));
  const double step = round_up((high - low) / std::max(1, most - 1));
  Ticks ticks;
  const double slack = 1e-9 * (high - low) / step;
  const double first = std::ceil(low / step - slack), last = std::floor(high / step + slack);
  for (double i = first; i <= last; ++i) ticks.at.push_back(i * step);

  const double largest = std::max(std::abs(first), std::abs(last)) * step;
  if (largest > 0 && (largest < 0.01 || largest >= 1e5)) ticks.exponent = int(std::floor(std::log10(largest) + 1e-9));
  const double unit = std::pow(10, ticks.exponent);
  const int decimals = std::max(0, int(-std::floor(std::log10(step / unit) + 1e-9)));
  for (double value : ticks.at)
    ticks.labels.push_back(fmt::format("{:.{}f}", value == 0 ? 0.0 : value / unit, decimals));
  return ticks;
}

}  // namespace kramers::apps
