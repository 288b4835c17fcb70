#pragma once

#include <cmath>
#include <numbers>

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"
#include "landscapes/tilted_quartic.hpp"

namespace kramers::landscapes {

/// Depth against width in many dimensions: a double well along x whose valley is wide (soft) on the left and narrow
/// (stiff) on the right,
///
///     L(x, y) = V(x) + k(x) |y|^2 / 2,   y in R^m,   V = h0 (x^2 - 1)^2 + f x
///     k(x) = k_B + (k_A - k_B) (1 - tanh(x / delta)) / 2
///
/// Minima and saddle lie at y = 0 where V has them, with Hessian diag(V'', k, ..., k). The marginal is exact for any m:
/// p(x) ~ exp(-V/T) k^(-m/2), so the wide valley's share tends to 1 exponentially in m.
struct Channel {
  static constexpr const char* name = "channel";
  static constexpr const char* summary =
      "double well along x, with a valley that is wide on the left and narrow on the "
      "right; exact marginal in any dimension";
  static constexpr const char* formula_text =
      "L = V(x) + k(x) |y|^2 / 2, V = h0 (x^2 - 1)^2 + f x, k = k_B + (k_A - k_B) (1 - tanh(x/delta)) / 2";
  static constexpr const char* source = "built so that p(x) ~ exp(-V/T) k^(-m/2) exactly (Gaussian integral over y)";

  double barrier = 1;
  double tilt = -0.1;
  double stiffness_left = 2, stiffness_right = 20;
  double width = 0.25;
  int transverse_dim = 1;

  static std::vector<Field<Channel>> fields() {
    return {
        {"barrier", &Channel::barrier, "barrier height h0 of V where there is no tilt", "loss", positive},
        {"tilt", &Channel::tilt, "slope f added to V", "loss/theta", any_number},
        {"stiffness_left", &Channel::stiffness_left, "k_A, L'' across the valley far left", "loss/theta^2", positive},
        {"stiffness_right", &Channel::stiffness_right, "k_B, L'' across the valley far right", "loss/theta^2",
         positive},
        {"width", &Channel::width, "delta, over which the stiffness changes", "theta", positive},
        {"transverse_dim", &Channel::transverse_dim, "m, number of coordinates across the valley", "1",
         dimension_range}};
  }

  static std::vector<Answer> answers() {
    return {{{}, {0.3, -0.7}, 5.331308408462, {1.498276366549, -12.95202402418}, {}},
            {{}, {-0.987257476662, 0}, 0.099366985524, {}, {}},
            {{}, {1.01227313103, 0}, -0.100617376638, {}, {}},
            {{}, {-0.0250156543703, 0}, 1.00125039111, {}, {}, 1e-11}};
  }

  static std::vector<Parameters> examples() {
    return {{{"transverse_dim", std::int64_t(4)}, {"stiffness_right", 8.0}}, {{"tilt", 2.5}}};
  }

  int dimension() const { return 1 + transverse_dim; }

  template <class Real>
  struct Formula {
    TiltedQuartic::Formula<Real> along;
    Real mean, half_difference;  // k = mean - half_difference tanh
    Real half_slope;             // k'/2 = half_slope (1 - tanh^2)
    Real one_over_width;
    int dimension;

    template <class X, class G>
    KRAMERS_HOST_DEVICE void gradient(const X& theta, G&& g) const {
      using N = std::remove_cvref_t<decltype(theta[0])>;
      const N x = theta[0];
      const N t = tanh(x * N(one_over_width));
      const N k = fma(N(-half_difference), t, N(mean));
      N y_squared = N(Real(0));
      for_each_index<X>(dimension, [&](int i) {
        if (i > 0) {
          const N y = theta[i];
          y_squared = fma(y, y, y_squared);
          g[i] = k * y;
        }
      });
      g[0] = fma(N(half_slope) * fma(-t, t, N(Real(1))), y_squared, along.gradient(Vec<N, 1>{x})[0]);
    }

    template <class X>
    KRAMERS_HOST_DEVICE auto value(const X& theta) const {
      using N = std::remove_cvref_t<decltype(theta[0])>;
      const N x = theta[0];
      const N k = fma(N(-half_difference), tanh(x * N(one_over_width)), N(mean));
      N y_squared = N(Real(0));
      for_each_index<X>(dimension, [&](int i) {
        if (i > 0) y_squared = fma(theta[i], theta[i], y_squared);
      });
      return fma(N(Real(0.5)) * k, y_squared, along.value(Vec<N, 1>{x}));
    }
  };

  template <class Real>
  Formula<Real> formula() const {
    const double half_difference = 0.5 * (stiffness_left - stiffness_right);
    return {TiltedQuartic{barrier, tilt}.formula<Real>(),
            Real(0.5 * (stiffness_left + stiffness_right)),
            Real(half_difference),
            Real(-0.5 * half_difference / width),
            Real(1 / width),
            dimension()};
  }

  /// On the axis of the valley.
  std::optional<Point> diagonal_hessian(const Point& theta) const {
    if ((theta.tail(transverse_dim).array() != 0).any()) return {};
    const double k = stiffness_right + (stiffness_left - stiffness_right) * (1 - std::tanh(theta[0] / width)) / 2;
    Point diagonal = Point::Constant(dimension(), k);
    diagonal[0] = barrier * (12 * theta[0] * theta[0] - 4);
    return diagonal;
  }

  Facts facts() const {
    const Facts along = TiltedQuartic{barrier, tilt}.facts();
    Facts facts;
    facts.superquadratic = true;
    for (const Minimum& minimum : along.minima) {
      Point at = Point::Zero(dimension());
      at[0] = minimum.at[0];
      facts.minima.push_back({at, minimum.loss, minimum.way_out});
    }
    facts.basins =
        along.minima.size() == 1 ? along.basins : two_basins(dimension(), 0, along.basins->cuts[0].positions[0]);
    facts.landmarks.assign(dimension(), {0.0});
    facts.landmarks[0] = along.landmarks[0];
    return facts;
  }

  /// Along x, or x and one y: the other y are Gaussian with variance T / k(x). Empty without x.
  std::function<double(const double*)> minus_log_marginal(const std::vector<int>& axes, double temperature) const {
    const auto x_axis = std::find(axes.begin(), axes.end(), 0);
    if (x_axis == axes.end()) return nullptr;
    const int x_at = int(x_axis - axes.begin()), kept = int(axes.size()) - 1;
    Channel pair = *this;
    pair.transverse_dim = 1;
    return [formula = pair.formula<double>(), x_at, kept, temperature,
            others = transverse_dim - kept](const double* given) {
      const double theta[2] = {given[x_at], kept ? given[1 - x_at] : 0.0};
      const double k = formula.mean - formula.half_difference * std::tanh(theta[0] * formula.one_over_width);
      return formula.value(theta) / temperature + 0.5 * others * std::log(k / (2 * std::numbers::pi * temperature));
    };
  }
};

}  // namespace kramers::landscapes
