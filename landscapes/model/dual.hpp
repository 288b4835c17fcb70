#pragma once

#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

template <class N>
struct Dual;

}  // namespace kramers::landscapes

template <class N>
struct kramers::sde::RealOf<kramers::landscapes::Dual<N>> {
  using type = real_of<N>;
};

namespace kramers::landscapes {

/// Dual number v + s eps with eps^2 = 0: a formula evaluated at x + eps e_j has the exact derivative along axis j as
/// its slope (forward-mode differentiation). Dual<Dual<double>> gives second derivatives.
template <class N>
struct Dual {
  N value, slope;

  Dual() = default;
  KRAMERS_HOST_DEVICE Dual(real_of<N> constant) : value(constant), slope(real_of<N>(0)) {}
  KRAMERS_HOST_DEVICE Dual(N v, N s) : value(v), slope(s) {}

  KRAMERS_HOST_DEVICE friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  KRAMERS_HOST_DEVICE friend Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  KRAMERS_HOST_DEVICE friend Dual operator-(Dual a) { return {-a.value, -a.slope}; }
  KRAMERS_HOST_DEVICE friend Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, fma(a.slope, b.value, a.value * b.slope)};
  }
  KRAMERS_HOST_DEVICE friend Dual operator/(Dual a, Dual b) {
    const N ratio = a.value / b.value;
    return {ratio, (a.slope - ratio * b.slope) / b.value};
  }
  KRAMERS_HOST_DEVICE friend Dual fma(Dual a, Dual b, Dual c) {
    return {fma(a.value, b.value, c.value), fma(a.slope, b.value, fma(a.value, b.slope, c.slope))};
  }
  KRAMERS_HOST_DEVICE friend Dual sqrt(Dual a) {
    const N root = sqrt(a.value);
    return {root, a.slope / (root + root)};
  }
  KRAMERS_HOST_DEVICE friend Dual exp(Dual a) {
    const N e = exp(a.value);
    return {e, a.slope * e};
  }
  KRAMERS_HOST_DEVICE friend Dual log(Dual a) { return {log(a.value), a.slope / a.value}; }
  KRAMERS_HOST_DEVICE friend Dual sin(Dual a) { return {sin(a.value), a.slope * cos(a.value)}; }
  KRAMERS_HOST_DEVICE friend Dual cos(Dual a) { return {cos(a.value), -(a.slope * sin(a.value))}; }
  KRAMERS_HOST_DEVICE friend Dual tanh(Dual a) {
    const N t = tanh(a.value);
    return {t, a.slope * (N(real_of<N>(1)) - t * t)};
  }

  KRAMERS_HOST_DEVICE friend auto operator<(Dual a, Dual b) { return a.value < b.value; }
  KRAMERS_HOST_DEVICE friend auto operator>(Dual a, Dual b) { return b.value < a.value; }
  template <class Condition>
  KRAMERS_HOST_DEVICE friend Dual select(Condition condition, Dual a, Dual b) {
    return {select(condition, a.value, b.value), select(condition, a.slope, b.slope)};
  }
  KRAMERS_HOST_DEVICE friend Dual min(Dual a, Dual b) { return select(a < b, a, b); }
  KRAMERS_HOST_DEVICE friend Dual max(Dual a, Dual b) { return select(a > b, a, b); }
  KRAMERS_HOST_DEVICE friend Dual abs(Dual a) { return select(a < Dual(real_of<N>(0)), -a, a); }
};

}  // namespace kramers::landscapes
