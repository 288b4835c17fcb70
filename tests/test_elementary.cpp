#include <cmath>
#include <random>
#include <string>

#include "sde/numbers/elementary.hpp"
#include "sde/numbers/pack.hpp"
#include "tests/big_number.hpp"
#include "tests/catch.hpp"

using namespace kramers;

namespace {

using sde::Big;

// Function objects: the names alone are overload sets, and shared with the C library.
struct Exp {
  template <class N>
  N operator()(N x) const {
    using sde::exp;
    return exp(x);
  }
};
struct Log {
  template <class N>
  N operator()(N x) const {
    using sde::log;
    return log(x);
  }
};
struct Tanh {
  template <class N>
  N operator()(N x) const {
    using sde::tanh;
    return tanh(x);
  }
};
struct Sin {
  template <class N>
  N operator()(N x) const {
    using sde::sin;
    return sin(x);
  }
};
struct Cos {
  template <class N>
  N operator()(N x) const {
    using sde::cos;
    return cos(x);
  }
};

/// Worst error in ulp over x = +-2^e, e uniform, and over x uniform in +-widest; every pack lane equals the number.
template <class R, class F>
double worst_ulp(F f, double lowest_exponent, double highest_exponent, double widest, bool positive = false) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(lowest_exponent, highest_exponent), uniform(-widest, widest);
  double worst = 0;
  int different = 0;
  for (int i = 0; i < 20000; ++i) {
    double draw = i % 2 ? uniform(random) : std::copysign(std::exp2(exponent(random)), uniform(random));
    const R x = R(positive ? std::abs(draw) : draw);
    const R y = f(x);
    const auto packed = f(sde::Pack<R>(x));
    for (int lane = 0; lane < packed.lanes; ++lane) different += sde::to_bits(packed[lane]) != sde::to_bits(y);
    const Big exact = f(Big(x));
    if (std::isfinite(y)) worst = std::max(worst, sde::error_in_ulp(y, exact));
  }
  CHECK(different == 0);
  return worst;
}

template <class R>
auto bits(R x) {
  return sde::to_bits(x);
}

}  // namespace

TEMPLATE_TEST_CASE("elementary functions err by at most the ulp that they state, alike in numbers and packs",
                   "[elementary]", float, double) {
  constexpr bool wide = sizeof(TestType) == 8;
  const double exp_ulp = worst_ulp<TestType>(Exp{}, -30, wide ? 9.46 : 6.4, wide ? 740 : 100);
  const double log_ulp = worst_ulp<TestType>(Log{}, wide ? -1074 : -149, wide ? 1023 : 127, 2, true);
  const double tanh_ulp = worst_ulp<TestType>(Tanh{}, -100, 6, 1);
  const double sin_ulp = worst_ulp<TestType>(Sin{}, -100, wide ? 49 : 20, 10);
  const double cos_ulp = worst_ulp<TestType>(Cos{}, -100, wide ? 49 : 20, 10);
  INFO("exp " << exp_ulp << " log " << log_ulp << " tanh " << tanh_ulp << " sin " << sin_ulp << " cos " << cos_ulp);
  CHECK(exp_ulp < 1);
  CHECK(log_ulp < 0.8);
  CHECK(tanh_ulp < 2.5);
  CHECK(sin_ulp < 0.8);
  CHECK(cos_ulp < 0.8);
}

TEMPLATE_TEST_CASE("pow errs by at most the 1.3 ulp that it states, alike in numbers and packs", "[elementary]", float,
                   double) {
  constexpr bool wide = sizeof(TestType) == 8;
  using P = sde::Pack<TestType>;
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> result(wide ? -1070 : -145, wide ? 1023 : 127), exponent(-20, 20), near(-1, 1);
  double worst = 0;
  int different = 0;
  for (int i = 0; i < 10000; ++i) {
    // a base anywhere or near 1, and an exponent for a result anywhere
    const TestType x =
        TestType(i % 2 ? std::exp2(exponent(random)) : 1 + near(random) * std::exp2(exponent(random) - 20));
    const TestType y = TestType(result(random) / std::log2(double(x)));
    if (!(x > 0) || !std::isfinite(y)) continue;
    const TestType z = sde::pow(x, y);
    const P packed = sde::pow(P(x), P(y));
    for (int lane = 0; lane < P::lanes; ++lane) different += bits(packed[lane]) != bits(z);
    if (std::isfinite(z)) worst = std::max(worst, sde::error_in_ulp(z, Big(pow(Big(x), Big(y)))));
  }
  CAPTURE(worst);
  CHECK(worst < 1.3);
  CHECK(different == 0);
}

TEMPLATE_TEST_CASE("elementary functions have IEEE's values at the edges, and one NaN", "[elementary]", float, double) {
  using R = TestType;
  using P = sde::Pack<R>;
  const R inf = std::numeric_limits<R>::infinity(), nan = std::numeric_limits<R>::quiet_NaN();
  const R tiny = std::numeric_limits<R>::denorm_min(), huge = std::numeric_limits<R>::max();
  const auto expect = [&](auto f, R x, R y) {
    CAPTURE(x, y);
    CHECK(bits(f(x)) == bits(y));
    CHECK(bits(f(P(x))[0]) == bits(y));
  };
  for (const R x : {nan, -nan}) {
    expect(Exp{}, x, nan), expect(Log{}, x, nan), expect(Tanh{}, x, nan), expect(Sin{}, x, nan), expect(Cos{}, x, nan);
  }
  expect(Exp{}, 0, 1), expect(Exp{}, inf, inf), expect(Exp{}, -inf, 0), expect(Exp{}, huge, inf);
  expect(Exp{}, -huge, 0), expect(Exp{}, tiny, 1);
  expect(Log{}, 1, 0), expect(Log{}, 0, -inf), expect(Log{}, R(-0.0), -inf), expect(Log{}, inf, inf);
  expect(Log{}, -tiny, nan), expect(Log{}, -1, nan), expect(Log{}, -inf, nan);
  expect(Tanh{}, 0, 0), expect(Tanh{}, R(-0.0), R(-0.0)), expect(Tanh{}, inf, 1), expect(Tanh{}, -inf, -1);
  expect(Tanh{}, huge, 1), expect(Tanh{}, tiny, tiny);
  expect(Sin{}, 0, 0), expect(Sin{}, R(-0.0), R(-0.0)), expect(Sin{}, inf, nan), expect(Sin{}, -inf, nan);
  expect(Sin{}, huge, nan), expect(Cos{}, 0, 1), expect(Cos{}, inf, nan), expect(Sin{}, tiny, tiny);
}

TEMPLATE_TEST_CASE("pow has the C library's values at the edges, and one NaN", "[elementary]", float, double) {
  using R = TestType;
  using P = sde::Pack<R>;
  const R inf = std::numeric_limits<R>::infinity(), nan = std::numeric_limits<R>::quiet_NaN();
  const R tiny = std::numeric_limits<R>::denorm_min(), huge = std::numeric_limits<R>::max();
  const R odd = R(2) / std::numeric_limits<R>::epsilon() - 1;  // the largest odd number
  const R edges[] = {0,       R(-0.0),    1,       -1,   2,     -2,   3,     -3,  R(0.5),
                     R(-0.5), R(1.5),     R(-2.5), tiny, -tiny, huge, -huge, odd, -odd,
                     odd - 1, R(odd / 2), 2 * odd, inf,  -inf,  nan,  -nan};
  for (const R x : edges)
    for (const R y : edges) {
      const R expected = std::pow(x, y), z = sde::pow(x, y), packed = sde::pow(P(x), P(y))[0];
      CAPTURE(x, y, z, expected);
      CHECK(bits(packed) == bits(z));
      if (std::isnan(expected))
        CHECK(bits(z) == bits(nan));
      else if (expected == 0 || std::isinf(expected) || std::abs(expected) == 1)
        CHECK(bits(z) == bits(expected));
      else
        CHECK(std::abs(z - expected) <= std::abs(expected) * std::numeric_limits<R>::epsilon());
    }
}
