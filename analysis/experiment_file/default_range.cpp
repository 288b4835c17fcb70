#include "analysis/experiment_file/default_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kramers::analysis {

std::optional<std::array<double, 2>> default_range(const landscapes::Landscape& landscape, int axis,
                                                   double temperature) {
  const auto marginal = landscape.marginal({axis}, temperature);
  if (!marginal || marginal->landmarks.empty() || marginal->landmarks[0].empty()) return {};
  const auto& landmarks = marginal->landmarks[0];
  const auto f = [&](double x) { return marginal->minus_log_density(&x); };
  double lowest = std::numeric_limits<double>::infinity();
  for (double x : landmarks) lowest = std::min(lowest, f(x));

  // Walk outwards in growing strides until the density is negligible, then halve the last stride.
  const auto end = [&](double x, double direction) -> std::optional<double> {
    double inside = x, stride = 0.01 * std::max(1.0, std::abs(x));
    for (int tries = 0; tries < 200 && f(inside + direction * stride) - lowest < 20; ++tries) {
      inside += direction * stride;
      stride *= 1.3;
    }
    double outside = inside + direction * stride;
    if (!(f(outside) - lowest >= 20)) return {};
    for (int halving = 0; halving < 50; ++halving) {
      const double middle = (inside + outside) / 2;
      (f(middle) - lowest < 20 ? inside : outside) = middle;
    }
    return outside;
  };
  const auto low = end(landmarks.front(), -1), high = end(landmarks.back(), 1);
  if (!low || !high || !(*low < *high)) return {};
  const int digits = int(std::floor(std::log10(*high - *low))) - 1;
  const auto scaled = [&](double x, auto round) {
    return digits < 0 ? round(x * std::pow(10, -digits)) / std::pow(10, -digits)
                      : round(x / std::pow(10, digits)) * std::pow(10, digits);
  };
  return std::array{scaled(*low, [](double x) { return std::floor(x); }),
                    scaled(*high, [](double x) { return std::ceil(x); })};
}

bool tells_bins_apart(const std::array<double, 2>& range, int bins, Precision precision) {
  const double largest = std::max(std::abs(range[0]), std::abs(range[1])), width = (range[1] - range[0]) / bins;
  const auto last_digit = [](auto number) { return double(number - std::nextafter(number, decltype(number)(0))); };
  return std::isfinite(width) &&
         width >= 2 * (precision == Precision::single_precision ? last_digit(float(largest)) : last_digit(largest));
}

}  // namespace kramers::analysis
