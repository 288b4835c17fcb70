#pragma once

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// The Mueller-Brown surface of theoretical chemistry, two dimensions, three minima on a bent path:
///
///     L(x, y) = sum_k A_k exp(a_k (x - x_k)^2 + b_k (x - x_k)(y - y_k) + c_k (y - y_k)^2)
///
/// The fourth term confines, doubly exponentially: explicit schemes need small steps (h <= 1e-4) and a guard radius.
/// Mueller & Brown, Theor. Chim. Acta 53 (1979) 75.
struct MuellerBrown {
  static constexpr int dim = 2;
  static constexpr const char* name = "mueller-brown";
  static constexpr const char* summary = "the Mueller-Brown surface: three minima on a bent path, stiff";
  static constexpr const char* formula_text =
      "L = sum_k A_k exp(a_k (x-x_k)^2 + b_k (x-x_k)(y-y_k) + c_k (y-y_k)^2), A = (-200, -100, -170, 15), "
      "a = (-1, -1, -6.5, 0.7), b = (0, 0, 11, 0.6), c = (-10, -10, -6.5, 0.7), x_k = (1, 0, -0.5, -1), "
      "y_k = (0, 0.5, 1.5, 1)";
  static constexpr const char* source = "Mueller & Brown, Theor. Chim. Acta 53 (1979) 75";
  static std::vector<Field<MuellerBrown>> fields() { return {}; }

  static std::vector<Answer> answers() {
    return {{{}, {0.3, -0.7}, 97.39012732408, {77.36473637727, -170.0588646321}, {}},
            {{}, {-0.558223634633, 1.441725841805}, -146.6995172100, {}, {}},
            {{}, {0.623499404931, 0.028037758529}, -108.1667241169, {}, {}},
            {{}, {-0.050010822998, 0.466694104872}, -80.7678181297, {}, {}},
            {{}, {0.212486582, 0.292988325}, -72.2489401123, {}, {}, 1e-11},
            {{}, {-0.822001559, 0.624312803}, -40.6648435087, {}, {}, 1e-11}};
  }

  struct Term {
    double amplitude, a, b, c, x, y;
  };
  KRAMERS_HOST_DEVICE static constexpr Term term(int k) {
    constexpr Term all[4] = {{-200, -1, 0, -10, 1, 0},
                             {-100, -1, 0, -10, 0, 0.5},
                             {-170, -6.5, 11, -6.5, -0.5, 1.5},
                             {15, 0.7, 0.6, 0.7, -1, 1}};
    return all[k];
  }

  /// One term's exponential, and the derivatives of its exponent.
  template <class N>
  struct Evaluated {
    N value, slope_x, slope_y;
  };
  template <class N>
  KRAMERS_HOST_DEVICE static Evaluated<N> evaluate(const Term& term, const Vec<N, 2>& at) {
    using Real = real_of<N>;
    const N x = at[0] - N(Real(term.x)), y = at[1] - N(Real(term.y));
    // The exponent is homogeneous of degree 2: (x d/dx + y d/dy) / 2 of itself.
    const N slope_x = fma(N(Real(2 * term.a)), x, N(Real(term.b)) * y);
    const N slope_y = fma(N(Real(2 * term.c)), y, N(Real(term.b)) * x);
    const N exponent = N(Real(0.5)) * fma(x, slope_x, y * slope_y);
    return {N(Real(term.amplitude)) * exp(exponent), slope_x, slope_y};
  }

  template <class N>
  KRAMERS_HOST_DEVICE Vec<N, 2> gradient(const Vec<N, 2>& at) const {
    Vec<N, 2> g = {N(real_of<N>(0)), N(real_of<N>(0))};
    for (int k = 0; k < 4; ++k) {
      const Evaluated<N> e = evaluate(term(k), at);
      g[0] = fma(e.value, e.slope_x, g[0]);
      g[1] = fma(e.value, e.slope_y, g[1]);
    }
    return g;
  }

  template <class N>
  KRAMERS_HOST_DEVICE N value(const Vec<N, 2>& at) const {
    N sum = N(real_of<N>(0));
    for (int k = 0; k < 4; ++k) sum = sum + evaluate(term(k), at).value;
    return sum;
  }

  Facts facts() const {
    const auto stationary = [this](double x, double y) { return stationary_point(*this, point({x, y})); };
    const Point deep = stationary(-0.558, 1.442), middle = stationary(-0.050, 0.467), right = stationary(0.623, 0.028);
    const Point high_saddle = stationary(-0.822, 0.624), low_saddle = stationary(0.212, 0.293);
    Facts facts;
    facts.superquadratic = true;
    const double high = value_at(*this, high_saddle), low = value_at(*this, low_saddle);
    facts.minima = {{deep, value_at(*this, deep), high},
                    {middle, value_at(*this, middle), low},
                    {right, value_at(*this, right), low}};
    facts.basins = Basins{{{point({-1, 1}), {0.08, 1.45}}}, {2, 1, 0}};  // lines that pass beside the saddles
    facts.landmarks = {{high_saddle[0], deep[0], middle[0], low_saddle[0], right[0]},
                       {right[1], low_saddle[1], middle[1], high_saddle[1], deep[1]}};
    return facts;
  }
};

}  // namespace kramers::landscapes
