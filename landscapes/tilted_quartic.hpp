#pragma once

#include <cmath>
#include <numbers>

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// Quartic double well with a tilt:
///
///     L = h0 (x^2 - 1)^2 + f x,   h0 > 0 [loss] the barrier without tilt, f [loss/theta] the tilt
///
/// Two minima while |f| < 8 h0 / (3 sqrt 3), otherwise one. Gardiner, Handbook of Stochastic Methods (2nd ed.),
/// section 9.1.
struct TiltedQuartic {
  static constexpr int dim = 1;
  static constexpr const char* name = "tilted-quartic";
  static constexpr const char* summary = "quartic double well with a tilt";
  static constexpr const char* formula_text = "L = h0 (x^2 - 1)^2 + f x, h0 = barrier, f = tilt";
  static constexpr const char* source = "Gardiner, Handbook of Stochastic Methods (2nd ed.), section 9.1";

  double barrier = 1;
  double tilt = 0;

  static std::vector<Field<TiltedQuartic>> fields() {
    return {{"barrier", &TiltedQuartic::barrier, "barrier height h0 where there is no tilt", "loss", positive},
            {"tilt", &TiltedQuartic::tilt, "slope f added", "loss/theta", any_number}};
  }

  static std::vector<Answer> answers() {
    return {{{{"barrier", 2.0}, {"tilt", 0.5}}, {0.5}, 1.375, {-2.5}, {-2}},
            {{{"tilt", -0.1}}, {-0.987257476662}, 0.099366985524, {}, {}}};
  }

  static std::vector<Parameters> examples() { return {{{"barrier", 0.5}, {"tilt", 0.7}}, {{"tilt", -3.0}}}; }

  template <class Real>
  struct Formula {
    Real barrier, four_barriers, tilt;

    template <class N>
    KRAMERS_HOST_DEVICE Vec<N, 1> gradient(const Vec<N, 1>& x) const {
      const N q = fma(x[0], x[0], N(Real(-1)));
      return {fma(N(four_barriers) * x[0], q, N(tilt))};
    }

    template <class N>
    KRAMERS_HOST_DEVICE N value(const Vec<N, 1>& x) const {
      const N q = fma(x[0], x[0], N(Real(-1)));
      return fma(N(tilt), x[0], N(barrier) * q * q);
    }
  };

  template <class Real>
  Formula<Real> formula() const {
    return {Real(barrier), Real(4 * barrier), Real(tilt)};
  }

  /// Where L' = 4 h0 (x^3 - x) + f = 0, ascending: minimum, saddle, minimum, or one minimum.
  std::vector<double> extrema() const {
    const double c = -1.5 * std::sqrt(3.0) * tilt / (4 * barrier);
    std::vector<double> roots;
    if (std::abs(c) < 1)
      for (int k :
           {2, 1, 0}) {  // ascending: the cosine's angle decreases through (2 pi/3, pi), (pi/3, 2 pi/3), (0, pi/3)
        const double angle = (std::acos(c) + 2 * std::numbers::pi * (k == 2 ? 1 : k == 1 ? 2 : 0)) / 3;
        roots.push_back(2 / std::sqrt(3.0) * std::cos(angle));
      }
    else
      roots.push_back(std::copysign(1 + std::cbrt(std::abs(tilt) / (4 * barrier)), -tilt));
    for (double& root : roots) root = stationary_point(*this, point({root}))[0];
    return roots;
  }

  Facts facts() const {
    const std::vector<double> x = extrema();
    Facts facts;
    facts.superquadratic = true;
    facts.landmarks = {x};
    for (std::size_t i = 0; i < x.size(); i += 2)
      facts.minima.push_back({point({x[i]}), value_at(*this, point({x[i]}))});
    if (x.size() == 1) {
      facts.basins = Basins{{}, {0}};
    } else {
      for (Minimum& minimum : facts.minima) minimum.way_out = value_at(*this, point({x[1]}));
      facts.basins = two_basins(1, 0, x[1]);
    }
    return facts;
  }
};

}  // namespace kramers::landscapes
