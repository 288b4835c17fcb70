#pragma once

#include <Eigen/Core>
#include <Eigen/LU>
#include <vector>

#include "landscapes/model/dual.hpp"
#include "landscapes/model/landscape.hpp"

/// Evaluates a landscape struct at one point, whatever its way of stating dimension and coefficients.
namespace kramers::landscapes {

/// Dimension known when compiled: value(Vec<N, dim>), gradient(Vec<N, dim>) -> Vec. Otherwise value(x) and
/// gradient(x, g) for anything with x[i], g[i], and dimension().
template <class L>
concept FixedDimension = !requires(const L& landscape) {
  landscape.dimension();
};

template <class L>
int dimension_of(const L& landscape) {
  if constexpr (FixedDimension<L>)
    return L::dim;
  else
    return landscape.dimension();
}

/// What computes value and gradient in precision R: the coefficients that the landscape derives from its parameters,
/// or the landscape itself.
template <class R, class L>
auto formula_of(const L& landscape) {
  if constexpr (requires { landscape.template formula<R>(); })
    return landscape.template formula<R>();
  else
    return landscape;
}

/// gradient of `formula` into g[i]; x[i] and g[i] may be proxies of strided memory.
template <class N, class L, class Formula, class X, class G>
KRAMERS_HOST_DEVICE inline void gradient_into(const Formula& formula, const X& x, G&& g) {
  if constexpr (FixedDimension<L>) {
    Vec<N, L::dim> point;
    for (int i = 0; i < L::dim; ++i) point[i] = x[i];
    const Vec<N, L::dim> result = formula.gradient(point);
    for (int i = 0; i < L::dim; ++i) g[i] = result[i];
  } else {
    formula.gradient(x, g);
  }
}

template <class N, class L, class Formula, class X>
KRAMERS_HOST_DEVICE inline N value_from(const Formula& formula, const X& x) {
  if constexpr (FixedDimension<L>) {
    Vec<N, L::dim> point;
    for (int i = 0; i < L::dim; ++i) point[i] = x[i];
    return formula.value(point);
  } else {
    return formula.value(x);
  }
}

template <class L>
double value_at(const L& landscape, const Point& theta) {
  return value_from<double, L>(formula_of<double>(landscape), theta.data());
}

template <class L>
Point gradient_at(const L& landscape, const Point& theta) {
  Point g(theta.size());
  gradient_into<double, L>(formula_of<double>(landscape), theta.data(), g.data());
  return g;
}

/// Exact: column j is the slope of the gradient along axis j.
template <class L>
Eigen::MatrixXd hessian_at(const L& landscape, const Point& theta) {
  using N = Dual<double>;
  const int d = int(theta.size());
  const auto formula = formula_of<double>(landscape);
  Eigen::MatrixXd hessian(d, d);
  std::vector<N> x(d), g(d);
  for (int i = 0; i < d; ++i) x[i] = N(theta[i]);
  for (int j = 0; j < d; ++j) {
    x[j].slope = 1;
    gradient_into<N, L>(formula, x.data(), g.data());
    x[j].slope = 0;
    for (int i = 0; i < d; ++i) hessian(i, j) = g[i].slope;
  }
  return hessian;
}

/// The stationary point (minimum or saddle) that Newton's iteration reaches from a good guess, to rounding.
template <class L>
Point stationary_point(const L& landscape, Point guess) {
  for (int i = 0; i < 20; ++i) guess -= hessian_at(landscape, guess).fullPivLu().solve(gradient_at(landscape, guess));
  return guess;
}

}  // namespace kramers::landscapes
