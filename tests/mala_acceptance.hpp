#pragma once

#include <cmath>

#include "landscapes/model/landscape.hpp"

namespace kramers::tests {

/// What the density proposes: ln of N(y; x - h g(x), 2 T h), but for a constant.
inline double log_proposal(double from, double slope, double to, double h, double T) {
  return -std::pow(to - from + h * slope, 2) / (4 * T * h);
}

/// integral pi(x) N(xi) min(1, pi(y) q(y, x) / (pi(x) q(x, y))) over a line, by the midpoint rule: to 1e-5 or better
/// with steps of a thousandth of what is smooth, kinks included.
inline double mala_acceptance(const landscapes::Landscape& landscape, double low, double high, double h, double T) {
  constexpr int points = 1500, normals = 300;
  constexpr double widest = 7;
  const auto at = [](double x) { return landscapes::Point(landscapes::Point::Constant(1, x)); };
  double accepted = 0, all = 0;
  for (int i = 0; i < points; ++i) {
    const double x = low + (i + 0.5) * (high - low) / points;
    const double loss = landscape.value(at(x)), slope = landscape.gradient(at(x))[0];
    for (int j = 0; j < normals; ++j) {
      const double xi = widest * (2 * (j + 0.5) / normals - 1), weight = std::exp(-loss / T - xi * xi / 2);
      const double y = x - h * slope + std::sqrt(2 * T * h) * xi;
      const double log_ratio = (loss - landscape.value(at(y))) / T +
                               log_proposal(y, landscape.gradient(at(y))[0], x, h, T) - log_proposal(x, slope, y, h, T);
      accepted += weight * std::exp(std::min(0.0, log_ratio));
      all += weight;
    }
  }
  return accepted / all;
}

}  // namespace kramers::tests
