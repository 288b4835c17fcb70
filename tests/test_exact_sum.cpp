#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <vector>

#include "sde/numbers/exact_sum.hpp"
#include "tests/catch.hpp"

using kramers::sde::ExactSum;

namespace {

double exact_sum(const std::vector<double>& terms) {
  ExactSum sum;
  for (double term : terms) sum.add(term);
  return sum.value();
}

std::vector<double> wild_numbers(int count, int largest_exponent) {
  boost::random::mt19937 engine(7);
  boost::random::uniform_real_distribution<> fraction(-1, 1);
  boost::random::uniform_int_distribution<> exponent(-largest_exponent, largest_exponent);
  std::vector<double> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(std::ldexp(fraction(engine), exponent(engine)));
  return numbers;
}

}  // namespace

TEST_CASE("an exact sum does not depend on the order of its terms", "[exact_sum]") {
  std::vector<double> terms = wild_numbers(2000, 300);
  const double forward = exact_sum(terms);
  std::reverse(terms.begin(), terms.end());
  CHECK(exact_sum(terms) == forward);
  std::sort(terms.begin(), terms.end());
  CHECK(exact_sum(terms) == forward);

  ExactSum left, right;
  for (std::size_t i = 0; i < terms.size(); ++i) (i % 3 ? left : right).add(terms[i]);
  left.add(right);
  CHECK(left.value() == forward);
}

TEST_CASE("an exact sum is the correctly rounded sum", "[exact_sum]") {
  using Wide =
      boost::multiprecision::number<boost::multiprecision::cpp_bin_float<2300, boost::multiprecision::digit_base_2>>;
  for (int largest_exponent : {3, 40, 400}) {
    const std::vector<double> terms = wild_numbers(500, largest_exponent);
    Wide wide = 0;
    for (double term : terms) wide += term;
    CHECK(exact_sum(terms) == wide.convert_to<double>());
  }
}

TEST_CASE("an exact sum reaches from the smallest double to the largest", "[exact_sum]") {
  using Limits = std::numeric_limits<double>;
  const double tiny = Limits::denorm_min(), normal = Limits::min(), huge = Limits::max();
  CHECK(exact_sum({tiny}) == tiny);
  CHECK(exact_sum({-3 * tiny, tiny}) == -2 * tiny);
  CHECK(exact_sum({normal, -tiny}) == normal - tiny);
  CHECK(exact_sum({huge, normal, tiny, -huge}) == normal + tiny);
  CHECK(exact_sum({huge}) == huge);
  CHECK(exact_sum({huge, huge, -huge}) == huge);
}

TEST_CASE("an exact sum of what is not finite is what IEEE addition makes of it", "[exact_sum]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(exact_sum({1, -infinity, 2}) == -infinity);
  CHECK(std::isnan(exact_sum({infinity, 1, -infinity})));
}

TEST_CASE("an exact sum keeps what rounding would lose", "[exact_sum]") {
  CHECK(exact_sum({1e300, 1, -1e300}) == 1);
  CHECK(exact_sum({1e16, 1, -1e16, 1}) == 2);
  CHECK(exact_sum({5e-324, 5e-324}) == 1e-323);
  CHECK(exact_sum({1, 0x1p-53}) == 1);
  CHECK(exact_sum({1, 0x1p-53, 0x1p-200}) == 1 + 0x1p-52);
  CHECK(exact_sum({-1.5, 0.25}) == -1.25);
  CHECK(exact_sum({}) == 0);
  CHECK(exact_sum({1.7e308, -1.7e308, -3}) == -3);
}
