#pragma once

#include <cmath>

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// Independent tilted double wells in any dimension d, with 2^d minima:
///
///     L = sum_i V(x_i),   V(x) = (x^4 - 16 x^2 + 5 x) / 2
///
/// Per coordinate: minima -2.9035 (V = -39.17) and 2.7468 (V = -25.03), maximum 0.1567 (V = 0.20). Z and every basin
/// probability are products over coordinates. Styblinski & Tang, Neural Networks 3 (1990) 467.
struct StyblinskiTang {
  static constexpr const char* name = "styblinski-tang";
  static constexpr const char* summary = "independent tilted double wells in any dimension, 2^dim minima";
  static constexpr const char* formula_text = "L = sum_i (x_i^4 - 16 x_i^2 + 5 x_i) / 2";
  static constexpr const char* source = "Styblinski & Tang, Neural Networks 3 (1990) 467";

  int dim = 2;

  static std::vector<Field<StyblinskiTang>> fields() {
    return {{"dim", &StyblinskiTang::dim, "number of coordinates", "1", dimension_range}};
  }

  static std::vector<Answer> answers() {
    return {{{}, {0.3, -0.7}, -5.5159, {-2.246, 13.014}, {}},
            {{{"dim", std::int64_t(1)}}, {-2.90353402777118}, -39.1661657037714, {}, {34.5830591026}, 1e-11},
            {{{"dim", std::int64_t(1)}}, {2.74680277099084}, -25.0294466552839, {}, {29.2695527763}, 1e-11},
            {{{"dim", std::int64_t(1)}}, {0.15673125678034}, 0.195612359055358, {}, {-15.8526118789}, 1e-11}};
  }

  static std::vector<Parameters> examples() {
    return {{{"dim", std::int64_t(1)}}, {{"dim", std::int64_t(4)}}, {{"dim", std::int64_t(10)}}};
  }

  int dimension() const { return dim; }

  template <class N>
  KRAMERS_HOST_DEVICE static N slope_of_one(N x) {
    using Real = real_of<N>;
    return fma(x, fma(x + x, x, N(Real(-16))), N(Real(2.5)));
  }
  template <class N>
  KRAMERS_HOST_DEVICE static N value_of_one(N x) {
    using Real = real_of<N>;
    return x * fma(x, fma(x * x, N(Real(0.5)), N(Real(-8))), N(Real(2.5)));
  }

  template <class X, class G>
  KRAMERS_HOST_DEVICE void gradient(const X& x, G&& g) const {
    for_each_index<X>(dim, [&](int i) { g[i] = slope_of_one(x[i]); });
  }

  template <class X>
  KRAMERS_HOST_DEVICE auto value(const X& x) const {
    using N = std::remove_cvref_t<decltype(x[0])>;
    N sum = N(real_of<N>(0));
    for_each_index<X>(dim, [&](int i) { sum = sum + value_of_one(N(x[i])); });
    return sum;
  }

  std::optional<Point> diagonal_hessian(const Point& theta) const { return Point(6 * theta.array().square() - 16); }

  double part(int, double x) const { return value_of_one(x); }

  Facts facts() const {
    const StyblinskiTang one{1};
    const double low = stationary_point(one, point({-2.9}))[0], high = stationary_point(one, point({2.7}))[0],
                 top = stationary_point(one, point({0.16}))[0];
    Facts facts;
    facts.superquadratic = facts.separable = true;
    facts.alike.assign(dim, 0);
    facts.landmarks.assign(dim, {low, top, high});
    if (dim > 6) return facts;  // more than 64 minima
    facts.basins.emplace();
    for (int axis = 0; axis < dim; ++axis) facts.basins->cuts.push_back({Point::Unit(dim, axis), {top}});
    for (int index = 0; index < 1 << dim; ++index) {
      Point at(dim);
      for (int axis = 0; axis < dim; ++axis) at[axis] = index >> (dim - 1 - axis) & 1 ? high : low;
      const double loss = value_at(*this, at), first_to_leave = index > 0 ? high : low;  // the shallow side, if any
      facts.minima.push_back({at, loss, loss - value_of_one(first_to_leave) + value_of_one(top)});
      facts.basins->minimum.push_back(index);
    }
    return facts;
  }

  /// -ln integral exp(-V/T) dx, by the trapezoidal rule: converges exponentially for an entire function that decays.
  static double minus_log_partition(double temperature) {
    constexpr double left = -2.903534027771177, right = 2.746802770990837, top = 0.156731256780340;
    const double lowest = value_of_one(left), reach = 4 + 2 * std::sqrt(std::sqrt(80 * temperature));
    /// Where V has risen by 80 T on the way from a minimum, beyond which there is 1e-35; `outside` where it does not.
    const auto end = [&](double inside, double outside) {
      for (int halving = 0; halving < 200; ++halving) {
        const double middle = (inside + outside) / 2;
        (value_of_one(middle) - lowest < 80 * temperature ? inside : outside) = middle;
      }
      return outside;
    };
    const auto between = [&](double low, double high) {
      constexpr int points = 4000;
      double sum = 0;
      for (int i = 0; i <= points; ++i)
        sum += std::exp((lowest - value_of_one(low + (high - low) * i / points)) / temperature);
      return sum * (high - low) / points;
    };
    double integral = between(end(left, -reach), end(left, top)) + between(end(right, top), end(right, reach));
    if (value_of_one(top) - lowest < 80 * temperature) integral = between(end(left, -reach), end(right, reach));
    return lowest / temperature - std::log(integral);
  }

  std::function<double(const double*)> minus_log_marginal(const std::vector<int>& axes, double temperature) const {
    const int n = int(axes.size());
    const double others = dim > n ? (dim - n) * minus_log_partition(temperature) : 0;
    return [n, others, temperature](const double* x) {
      double sum = 0;
      for (int i = 0; i < n; ++i) sum += value_of_one(x[i]);
      return sum / temperature + others;
    };
  }
};

}  // namespace kramers::landscapes
