#pragma once

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

#include "landscapes/model/facts.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

struct QuadraticData;

/// Harmonic bowl in any dimension:
///
///     L = (x - c)^T H (x - c) / 2,   H symmetric and positive definite, or diagonal: `curvatures`
///
/// The Ornstein-Uhlenbeck process, for which everything is known exactly: Z = (2 pi T)^(d/2) / sqrt(det H), <L> = d
/// T/2. Gardiner, Handbook of Stochastic Methods (2nd ed.), section 4.4. A view of numbers kept elsewhere (see
/// QuadraticData).
struct Quadratic {
  using Data = QuadraticData;
  static constexpr const char* name = "quadratic";
  static constexpr const char* summary = "harmonic bowl in any dimension (Ornstein-Uhlenbeck process)";
  static constexpr const char* formula_text =
      "L = (x - c)^T H (x - c) / 2, H = diag(curvatures) or hessian, c = center";
  static constexpr const char* source = "Gardiner, Handbook of Stochastic Methods (2nd ed.), section 4.4";

  static std::vector<Answer> answers() {
    return {
        {{{"curvatures", std::vector<double>{2, 0.5}}, {"center", std::vector<double>{1, -1}}},
         {3, 1},
         5,
         {4, 1},
         {2, 0, 0, 0.5}},
        {{{"hessian", std::vector<std::vector<double>>{{2, 0.5}, {0.5, 1}}}}, {1, -2}, 2, {1, -1.5}, {2, 0.5, 0.5, 1}}};
  }

  static std::vector<Parameters> examples() {
    using List = std::vector<double>;
    return {{{"curvatures", List{4, 1, 0.25}}, {"center", List{1, 2, 3}}},
            {{"hessian", std::vector<List>{{2, 0.5}, {0.5, 1}}}, {"center", List{0.3, -0.1}}},
            {{"hessian", std::vector<List>{{3, 0.5, 0.2}, {0.5, 1, -0.3}, {0.2, -0.3, 2}}}}};
  }

  template <class Real>
  struct Formula {
    int dimension;
    const Real* curvatures;  // null: use `hessian`, row after row
    const Real* hessian;
    const Real* center;

    /// f(pointer, size) for each array that is only looked at here.
    template <class F>
    void each_view(F f) {
      f(curvatures, dimension);
      f(hessian, curvatures ? 0 : dimension * dimension);
      f(center, dimension);
    }

    /// Row `row` of H (x - c).
    template <class X>
    KRAMERS_HOST_DEVICE auto slope(const X& x, int row) const {
      using N = std::remove_cvref_t<decltype(x[0])>;
      if (curvatures) return N(N(curvatures[row]) * (x[row] - N(center[row])));
      N sum = N(Real(0));
      for_each_index<X>(dimension,
                        [&](int j) { sum = fma(N(hessian[row * dimension + j]), x[j] - N(center[j]), sum); });
      return sum;
    }

    template <class X, class G>
    KRAMERS_HOST_DEVICE void gradient(const X& x, G&& g) const {
      for_each_index<X>(dimension, [&](int i) { g[i] = slope(x, i); });
    }

    template <class X>
    KRAMERS_HOST_DEVICE auto value(const X& x) const {
      using N = std::remove_cvref_t<decltype(x[0])>;
      N sum = N(Real(0));
      for_each_index<X>(dimension, [&](int i) { sum = fma(x[i] - N(center[i]), slope(x, i), sum); });
      return N(Real(0.5)) * sum;
    }
  };

  Formula<double> in_double;
  Formula<float> in_single;
  const double* inverse;   // of `hessian`, row after row
  double log_determinant;  // of H

  int dimension() const { return in_double.dimension; }

  template <class Real>
  Formula<Real> formula() const {
    if constexpr (std::is_same_v<Real, double>)
      return in_double;
    else
      return in_single;
  }

  Eigen::MatrixXd hessian() const {
    const int d = dimension();
    if (in_double.curvatures) return Eigen::Map<const Point>(in_double.curvatures, d).asDiagonal();
    return Eigen::Map<const Eigen::MatrixXd>(in_double.hessian, d, d);
  }

  /// The same everywhere.
  std::optional<Point> diagonal_hessian(const Point&) const {
    if (!in_double.curvatures) return {};
    return Eigen::Map<const Point>(in_double.curvatures, dimension());
  }

  /// (H^-1)_ii
  double inverse_hessian(int i) const {
    return in_double.curvatures ? 1 / in_double.curvatures[i] : inverse[i * (dimension() + 1)];
  }

  double part(int axis, double x) const {
    const double away = x - in_double.center[axis];
    return 0.5 * in_double.curvatures[axis] * away * away;
  }

  Facts facts() const {
    Facts facts;
    facts.separable = in_double.curvatures != nullptr;
    std::map<std::array<double, 2>, int> first;
    for (int i = 0; facts.separable && i < dimension(); ++i)
      facts.alike.push_back(first.try_emplace({in_double.curvatures[i], in_double.center[i]}, i).first->second);
    facts.minima = {{Eigen::Map<const Point>(in_double.center, dimension()), 0.0}};
    facts.basins = Basins{{}, {0}};
    for (int i = 0; i < dimension(); ++i) facts.landmarks.push_back({in_double.center[i]});
    return facts;
  }

  /// The other coordinates integrated out: a quadratic form with the Schur complement of H.
  std::function<double(const double*)> minus_log_marginal(const std::vector<int>& axes, double temperature) const {
    const int d = dimension(), n = int(axes.size());
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(n, n);  // over T
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j)
        covariance(i, j) = i == j ? inverse_hessian(axes[i]) : inverse ? inverse[axes[i] * d + axes[j]] : 0;
    const Eigen::MatrixXd schur = covariance.inverse();
    // det H = det(schur) det(H of the others)
    const double others = log_determinant - std::log(schur.determinant());
    const double constant = 0.5 * others - 0.5 * (d - n) * std::log(2 * std::numbers::pi * temperature);
    Point center(n);
    for (int i = 0; i < n; ++i) center[i] = in_double.center[axes[i]];
    return [schur, center, constant, temperature](const double* x) {
      const Point r = Eigen::Map<const Point>(x, center.size()) - center;
      return 0.5 * r.dot(schur * r) / temperature + constant;
    };
  }
};

/// Owns the numbers of a Quadratic, in both precisions.
struct QuadraticData {
  std::vector<double> curvatures, hessian, inverse, center;
  double log_determinant = 0;
  std::vector<float> curvatures_single, hessian_single, center_single;

  /// From `curvatures` or `hessian` (one of the two; default curvatures = [1]) and `center` (default: the origin).
  explicit QuadraticData(const Parameters& given) {
    check_keys(given, {"curvatures", "hessian", "center"});
    if (given.contains("curvatures") && given.contains("hessian"))
      throw ParameterError("hessian", text(given.at("hessian")), "curvatures or hessian, not both");
    if (given.contains("hessian"))
      read_hessian(given.at("hessian"));
    else if (given.contains("curvatures"))
      read_curvatures(given.at("curvatures"));
    else
      curvatures = {1};
    for (double k : curvatures) log_determinant += std::log(k);
    const int d = hessian.empty() ? int(curvatures.size()) : int(std::lround(std::sqrt(double(hessian.size()))));
    center.assign(d, 0.0);
    if (given.contains("center")) {
      center = list_in("center", given.at("center"));
      if (int(center.size()) != d)
        throw ParameterError("center", text(given.at("center")), "a list of " + std::to_string(d) + " numbers");
    }
    curvatures_single.assign(curvatures.begin(), curvatures.end());
    hessian_single.assign(hessian.begin(), hessian.end());
    center_single.assign(center.begin(), center.end());
  }

  Quadratic view() const {
    const int d = int(center.size());
    const bool diagonal = hessian.empty();
    return {{d, diagonal ? curvatures.data() : nullptr, hessian.data(), center.data()},
            {d, diagonal ? curvatures_single.data() : nullptr, hessian_single.data(), center_single.data()},
            diagonal ? nullptr : inverse.data(),
            log_determinant};
  }

  static std::vector<ParameterDescription> describe() {
    return {
        {"curvatures", "second derivatives along the axes", "loss/theta^2", "list of numbers", "[1]",
         "numbers > 0, one per dimension"},
        {"hessian", "second derivatives, instead of curvatures", "loss/theta^2", "matrix", "none",
         "a symmetric, positive definite matrix"},
        {"center", "position of the minimum", "theta", "list of numbers", "the origin", "one number per dimension"}};
  }

 private:
  static constexpr std::size_t most_rows = 1000;  // its eigenvalues take seconds

  void read_curvatures(const ParameterValue& given) {
    curvatures = list_in("curvatures", given);
    for (double k : curvatures)
      if (!(k > 0)) throw ParameterError("curvatures", text(given), "numbers > 0");
  }

  void read_hessian(const ParameterValue& given) {
    const ParameterError error("hessian", text(given), "a symmetric, positive definite matrix, as a list of rows");
    const auto* rows = std::get_if<std::vector<std::vector<double>>>(&given);
    if (!rows || rows->empty()) throw error;
    if (rows->size() > most_rows)
      throw ParameterError("hessian", "a matrix of " + std::to_string(rows->size()) + " rows",
                           "at most " + std::to_string(most_rows) + "; more dimensions by 'curvatures'");
    for (const auto& row : *rows) {
      if (row.size() != rows->size()) throw error;
      hessian.insert(hessian.end(), row.begin(), row.end());
    }
    const auto d = Eigen::Index(rows->size());
    const Eigen::Map<const Eigen::MatrixXd> matrix(hessian.data(), d, d);
    if (!std::all_of(hessian.begin(), hessian.end(), is_usable) || matrix != matrix.transpose()) throw error;
    const Eigen::LLT<Eigen::MatrixXd> factored(matrix);
    if (factored.info() != Eigen::Success) throw error;
    inverse.resize(hessian.size());
    Eigen::Map<Eigen::MatrixXd>(inverse.data(), d, d) = factored.solve(Eigen::MatrixXd::Identity(d, d));
    log_determinant = 2 * factored.matrixLLT().diagonal().array().log().sum();
  }
};

}  // namespace kramers::landscapes
