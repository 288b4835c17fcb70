#pragma once

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// Two wells whose depths and widths are tuned one by one, the textbook case of "do wide minima win?". On either side
/// of the saddle s, towards the minimum m (a on the left, b on the right) with loss L_m and curvature k, let
///
///     v = (x - s) / (m - s),   D = L_s - L_m,   K = k (m - s)^2,   S = kappa (m - s)^2,   vc = min(v, 1)
///     L(x) = L_m + (1 - v)^2 (D (1 + 2 vc) + (3 D - S/2) vc^2 + (K/2 - 6 D + S/2) vc^3)
///
/// which is L_m + k (x - m)^2 / 2 beyond the minimum (harmonic tails: Euler-Maruyama is stable for h k < 2) and the
/// quintic between saddle and minimum that matches loss, slope 0 and curvature at both. Twice continuously
/// differentiable, the third derivative jumps at a, s and b.
struct AsymmetricDoubleWell {
  static constexpr int dim = 1;
  static constexpr const char* name = "asymmetric-double-well";
  static constexpr const char* summary =
      "two wells with depths and widths tuned independently; default: a wide, higher "
      "minimum beside a sharp, deeper one";
  static constexpr const char* formula_text =
      "L = L_m + k/2 (x-m)^2 beyond either minimum m; between saddle s and m, with v = (x-s)/(m-s), D = L_s - L_m, "
      "K = k (m-s)^2, S = kappa (m-s)^2: L = L_m + (1-v)^2 (D (1+2v) + (3D - S/2) v^2 + (K/2 - 6D + S/2) v^3)";
  static constexpr const char* source =
      "quintic Hermite interpolation; the question it poses: Jastrzebski et al., arXiv:1711.04623";

  double left = -1, right = 1, saddle = 0;                                // positions, left < saddle < right
  double loss_left = 0.1, loss_right = 0, loss_saddle = 0.5;              // saddle above both
  double curvature_left = 2, curvature_right = 12, curvature_saddle = 4;  // |L''|, all > 0

  static std::vector<Field<AsymmetricDoubleWell>> fields() {
    using L = AsymmetricDoubleWell;
    return {{"left", &L::left, "position of the left minimum, < saddle", "theta", any_number},
            {"right", &L::right, "position of the right minimum, > saddle", "theta", any_number},
            {"saddle", &L::saddle, "position of the saddle", "theta", any_number},
            {"loss_left", &L::loss_left, "loss at the left minimum", "loss", any_number},
            {"loss_right", &L::loss_right, "loss at the right minimum", "loss", any_number},
            {"loss_saddle", &L::loss_saddle, "loss at the saddle, above both minima", "loss", any_number},
            {"curvature_left", &L::curvature_left, "L'' at the left minimum", "loss/theta^2", positive},
            {"curvature_right", &L::curvature_right, "L'' at the right minimum", "loss/theta^2", positive},
            {"curvature_saddle", &L::curvature_saddle, "-L'' at the saddle", "loss/theta^2", positive}};
  }

  static std::vector<Answer> answers() {
    return {{{}, {-1.5}, 0.35, {-1}, {2}, 1e-13},
            {{}, {-0.6}, 0.215456, {0.4992}, {0.752}, 1e-13},
            {{}, {-0.25}, 0.4146484375, {0.55078125}, {-0.8125}, 1e-13},
            {{}, {0.2}, 0.4608, {-0.256}, {0.16}, 1e-13},
            {{}, {0.5}, 0.375, {-0.4375}, {-2}, 1e-13},
            {{}, {1.2}, 0.24, {2.4}, {12}, 1e-13},
            {{}, {-1}, 0.1, {0}, {2}, 1e-15},
            {{}, {1}, 0, {0}, {12}, 1e-15}};
  }

  static std::vector<Parameters> examples() {
    return {{{"left", -2.5},
             {"saddle", -0.3},
             {"right", 0.6},
             {"loss_right", -0.4},
             {"curvature_left", 1.0},
             {"curvature_right", 9.0},
             {"curvature_saddle", 1.5}}};
  }

  /// Between saddle and one minimum: L' = (v - 1) v P(v) / (m - s) with P = p[0] + p[1] v + p[2] v^2, and
  /// L = L_m + (1 - v)^2 E(v).
  struct Side {
    double width, p[3], e[4];
  };
  Side side(double minimum, double loss, double curvature) const {
    const double width = minimum - saddle, d = loss_saddle - loss;
    const double k = curvature * width * width, s = curvature_saddle * width * width;
    return {width,
            {s, 30 * d - 1.5 * k - 3.5 * s, 2.5 * k - 30 * d + 2.5 * s},
            {d, 2 * d, 3 * d - 0.5 * s, 0.5 * k - 6 * d + 0.5 * s}};
  }

  /// One side has no extremum but its ends if P > 0 on (0, 1); P(0) and P(1) are positive.
  static bool monotone(const Side& side) {
    const auto& [p0, p1, p2] = side.p;
    const bool lowest_inside = p2 > 0 && p1 < 0 && -p1 < 2 * p2;
    return !lowest_inside || 4 * p0 * p2 > p1 * p1;
  }

  void check() const {
    if (!(left < saddle)) throw ParameterError("left", text(left), "less than saddle = " + text(saddle));
    if (!(right > saddle)) throw ParameterError("right", text(right), "more than saddle = " + text(saddle));
    if (!(loss_saddle > std::max(loss_left, loss_right)))
      throw ParameterError("loss_saddle", text(loss_saddle), "more than " + text(std::max(loss_left, loss_right)));
    const char* allowed =
        "values that create no further extremum between saddle and minimum (curvature * distance^2 <= "
        "20 * height, at the minimum and at the saddle, is always enough)";
    if (!monotone(side(left, loss_left, curvature_left)))
      throw ParameterError("curvature_left", text(curvature_left), allowed);
    if (!monotone(side(right, loss_right, curvature_right)))
      throw ParameterError("curvature_right", text(curvature_right), allowed);
    check_flatness("left", left, loss_left, curvature_left);
    check_flatness("right", right, loss_right, curvature_right);
  }

  /// At the minimum the coefficients, of the size of the height, add up to the curvature: in single precision to 2 % at
  /// this ratio, below it what is left of them may be of either sign, and the loss falls beyond the minimum.
  void check_flatness(const std::string& name, double minimum, double loss, double curvature) const {
    constexpr double flattest = 1e-4;
    const double distance = minimum - saddle;
    if (curvature * distance * distance < flattest * (loss_saddle - loss))
      throw ParameterError("curvature_" + name, text(curvature),
                           "curvature * distance^2 of at least 1e-4 * height, here " +
                               text(flattest * (loss_saddle - loss) / (distance * distance)));
  }

  /// Both sides by one polynomial with selected coefficients: 12 operations for the gradient.
  template <class Real>
  struct Formula {
    Real saddle, one_over_width[2], p[3][2], e[4][2], loss[2];  // [left, right]; p divided by the width

    template <class N>
    KRAMERS_HOST_DEVICE Vec<N, 1> gradient(const Vec<N, 1>& x) const {
      const N z = x[0] - N(saddle);
      const auto left = z < N(Real(0));
      const auto of_side = [left](const Real(&a)[2]) { return select(left, N(a[0]), N(a[1])); };
      const N v = z * of_side(one_over_width), vc = min(v, N(Real(1)));
      return {fma(v, vc, -vc) * fma(vc, fma(vc, of_side(p[2]), of_side(p[1])), of_side(p[0]))};
    }

    template <class N>
    KRAMERS_HOST_DEVICE N value(const Vec<N, 1>& x) const {
      const N z = x[0] - N(saddle);
      const auto left = z < N(Real(0));
      const auto of_side = [left](const Real(&a)[2]) { return select(left, N(a[0]), N(a[1])); };
      const N v = z * of_side(one_over_width), vc = min(v, N(Real(1))), u = v - N(Real(1));
      const N e_of_v = fma(vc, fma(vc, fma(vc, of_side(e[3]), of_side(e[2])), of_side(e[1])), of_side(e[0]));
      return fma(u * u, e_of_v, of_side(loss));
    }
  };

  template <class Real>
  Formula<Real> formula() const {
    Formula<Real> f{};
    f.saddle = Real(saddle);
    const auto set = [&f](int i, const Side& side, double loss) {
      f.one_over_width[i] = Real(1 / side.width);
      for (int j = 0; j < 3; ++j) f.p[j][i] = Real(side.p[j] / side.width);
      for (int j = 0; j < 4; ++j) f.e[j][i] = Real(side.e[j]);
      f.loss[i] = Real(loss);
    };
    set(0, side(left, loss_left, curvature_left), loss_left);
    set(1, side(right, loss_right, curvature_right), loss_right);
    return f;
  }

  Facts facts() const {
    Facts facts;
    facts.minima = {{point({left}), loss_left, loss_saddle}, {point({right}), loss_right, loss_saddle}};
    facts.basins = two_basins(1, 0, saddle);
    facts.kinks = facts.landmarks = {{left, saddle, right}};
    return facts;
  }
};

}  // namespace kramers::landscapes
