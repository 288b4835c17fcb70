#include <cmath>

#include "landscapes/formula/formula.hpp"
#include "landscapes/model/dual.hpp"
#include "tests/catch.hpp"

using namespace kramers::landscapes;

namespace {

double value(const std::string& text, const std::vector<double>& x) {
  return Formula(text, int(x.size())).operator()<double>([&](int i) { return x[i]; });
}

std::string complaint(const std::string& text, int dim = 1) {
  try {
    Formula formula(text, dim);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a formula has the value that mathematics gives it") {
  const double x = 0.7, y = -1.3;
  CHECK(value("1 + 2 * 3 - 4 / 8", {x}) == 6.5);
  CHECK(value("2 - 3 - 4", {x}) == -5);
  CHECK(value("8 / 4 / 2", {x}) == 1);
  CHECK(value("-x^2", {x}) == -(x * x));
  CHECK(value("(-x)^2", {x}) == x * x);
  CHECK(value("2^3^2", {x}) == Approx(512).epsilon(1e-14));
  CHECK(value("x^-2", {x}) == Approx(1 / (x * x)).epsilon(1e-15));
  CHECK(value("x^0.5", {x}) == Approx(std::sqrt(x)).epsilon(1e-14));
  CHECK(value("x^5", {x}) == Approx(std::pow(x, 5)).epsilon(1e-14));
  CHECK(value("1.5e-1 + .5", {x}) == 0.65);
  CHECK(value("x[0] * y + x[1]", {x, y}) == x * y + y);
  CHECK(value("exp(x) + log(x) + sqrt(x) + sin(x) + cos(x) + tanh(x)", {x}) ==
        Approx(std::exp(x) + std::log(x) + std::sqrt(x) + std::sin(x) + std::cos(x) + std::tanh(x)).epsilon(1e-14));
  CHECK(value("abs(y) + min(x, y) + max(x, y) + pi", {x, y}) == Approx(-y + y + x + M_PI).epsilon(1e-15));
  CHECK(Formula("z + 1 + x", 3).coordinates() == std::vector<int>{0, 2});
}

TEST_CASE("the slope of a formula is its derivative") {
  const Formula f("(1 + 1.5 * x^2) * tanh(x * y) / exp(y) + x^0.5", 2);
  const double x = 0.7, y = -1.3, d = 1e-5;
  const auto at = [&](double a, double b) { return f.operator()<double>([&](int i) { return i == 0 ? a : b; }); };
  for (int axis : {0, 1}) {
    const auto dual =
        f.operator()<Dual<double>>([&](int i) { return Dual<double>(i == 0 ? x : y, i == axis ? 1.0 : 0.0); });
    const double h0 = axis == 0 ? d : 0, h1 = axis == 1 ? d : 0;
    CHECK(dual.value == at(x, y));
    CHECK(dual.slope == Approx((at(x + h0, y + h1) - at(x - h0, y - h1)) / (2 * d)).epsilon(1e-8));
  }
}

TEST_CASE("a formula that cannot be read says where and what was expected") {
  CHECK(complaint("1 +") == "formula '1 +': the end at character 4; allowed: a number, x[i], a function or '('");
  CHECK(complaint("(1 + x") == "formula '(1 + x': the end at character 7; allowed: ')'");
  CHECK(complaint("1 x") == "formula '1 x': 'x' at character 3; allowed: an operator or the end");
  CHECK(complaint("sinh(x)").find("'sinh(x)' at character 1; allowed: x[i], x, y, z, pi, exp") != std::string::npos);
  CHECK(complaint("min(x)").find("allowed: ','") != std::string::npos);
  CHECK(complaint("x[2]", 2).find("'x[2]' at character 1; allowed: x[0] to x[1]") != std::string::npos);
  CHECK(complaint("y").find("there is one coordinate") != std::string::npos);
  CHECK(complaint("").find("the end at character 1") != std::string::npos);
  std::string deep = "x";
  for (int i = 0; i < 40; ++i) deep = "1 + (" + deep + ")";
  CHECK(complaint(deep).find("fewer parentheses") != std::string::npos);
}
