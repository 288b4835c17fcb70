#include <random>

#include "landscapes/list.hpp"
#include "landscapes/model/construct.hpp"
#include "tests/catch.hpp"

using namespace kramers::landscapes;

namespace {

/// Points in the cube [-2, 2]^d, where every landscape has its wells, saddles and the beginning of its tails.
std::vector<Point> random_points(int d, int count) {
  std::mt19937_64 engine(1);
  std::vector<Point> points(count, Point(d));
  for (Point& point : points)
    for (int i = 0; i < d; ++i) point[i] = -2 + 4 * double(engine() >> 11) * 0x1p-53;
  return points;
}

// Both sides are a few dozen rounded operations on numbers as large as the result or as the loss.
double rounding(double loss, const auto& derivative) {
  return 1e-13 * (1 + std::abs(loss) + derivative.cwiseAbs().maxCoeff());
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("the gradient is the derivative of the value", "[landscapes]", List) {
  using N = Dual<double>;
  for (const Parameters& parameters : examples_of<TestType>()) {
    const auto made = construct<TestType>(parameters);
    const auto formula = formula_of<double>(made.landscape);
    for (const Point& theta : random_points(dimension_of(made.landscape), 200)) {
      const Point gradient = gradient_at(made.landscape, theta);
      const double allowed = 10 * rounding(value_at(made.landscape, theta), gradient);
      std::vector<N> x(theta.begin(), theta.end());
      for (std::size_t i = 0; i < x.size(); ++i) {
        x[i].slope = 1;
        REQUIRE(std::abs(value_from<N, TestType>(formula, x.data()).slope - gradient[int(i)]) <= allowed);
        x[i].slope = 0;
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("the Hessian is symmetric and the second derivative of the value", "[landscapes]", List) {
  using N = Dual<Dual<double>>;
  for (const Parameters& parameters : examples_of<TestType>()) {
    const auto made = construct<TestType>(parameters);
    const auto formula = formula_of<double>(made.landscape);
    for (const Point& theta : random_points(dimension_of(made.landscape), 50)) {
      const Eigen::MatrixXd hessian = hessian_at(made.landscape, theta);
      const double allowed = 100 * rounding(value_at(made.landscape, theta), hessian);
      REQUIRE((hessian - hessian.transpose()).cwiseAbs().maxCoeff() <= allowed);
      std::vector<N> x(theta.begin(), theta.end());
      for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = 0; j < x.size(); ++j) {
          x[i].slope.value = 1;
          x[j].value.slope = 1;
          REQUIRE(std::abs(value_from<N, TestType>(formula, x.data()).slope.slope - hessian(int(i), int(j))) <=
                  allowed);
          x[i] = N(theta[int(i)]);
          x[j] = N(theta[int(j)]);
        }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("differences of value and gradient agree with the derivatives that dual numbers give",
                        "[landscapes]", List) {
  // Central differences with step s err by s^2/6 of the third derivative, which is below 10^3 times the scale of the
  // numbers here (Mueller-Brown is the stiffest), and by 1e-16 / s of them: 2e-8 and 1e-11 for s = 1e-5.
  const double step = 1e-5;
  for (const Parameters& parameters : examples_of<TestType>()) {
    const auto made = construct<TestType>(parameters);
    const int d = dimension_of(made.landscape);
    for (const Point& theta : random_points(d, 20)) {
      const Point gradient = gradient_at(made.landscape, theta);
      const Eigen::MatrixXd hessian = hessian_at(made.landscape, theta);
      const double allowed = 2e-8 * (1 + std::abs(value_at(made.landscape, theta)) + gradient.norm() + hessian.norm());
      for (int i = 0; i < d; ++i) {
        const Point up = theta + step * Point::Unit(d, i), down = theta - step * Point::Unit(d, i);
        const double slope = (value_at(made.landscape, up) - value_at(made.landscape, down)) / (2 * step);
        const Point slopes = (gradient_at(made.landscape, up) - gradient_at(made.landscape, down)) / (2 * step);
        CHECK(std::abs(slope - gradient[i]) <= allowed);
        CHECK((slopes - hessian.col(i)).norm() <= allowed);
      }
    }
  }
}

TEST_CASE("a dual number carries the derivative of each operation", "[dual]") {
  using N = Dual<double>;
  const N x(0.7, 1);
  CHECK((x / N(2 + 0.0)).slope == Approx(0.5));
  CHECK((N(1) / x).slope == Approx(-1 / 0.49));
  CHECK(sqrt(x).slope == Approx(0.5 / std::sqrt(0.7)));
  CHECK(exp(x).slope == Approx(std::exp(0.7)));
  CHECK(log(x).slope == Approx(1 / 0.7));
  CHECK(sin(x).slope == Approx(std::cos(0.7)));
  CHECK(cos(x).slope == Approx(-std::sin(0.7)));
  CHECK(tanh(x).slope == Approx(1 - std::tanh(0.7) * std::tanh(0.7)));
  CHECK(fma(x, x, x).slope == Approx(2.4));
  CHECK(abs(-x).slope == 1);
  CHECK(min(x, N(1)).slope == 1);
  CHECK(max(x, N(1)).slope == 0);
  CHECK(select(x < N(1), x * x, N(0)).slope == Approx(1.4));
}
