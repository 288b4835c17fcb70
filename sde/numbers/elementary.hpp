#pragma once

#include <limits>
#include <utility>

#include "sde/numbers/number.hpp"

/// exp, log, pow, sin, cos, tanh for float, double and their packs, made of the operations of `number.hpp` alone, so
/// that every target computes the same bits. The errors that they state, in units in the last place of the result, are
/// what `tests/test_elementary.cpp` measures against 50 digits. Every NaN that comes out is the canonical one.
namespace kramers::sde {

/// float, double or a pack of either.
template <class N>
concept Number = Real<real_of<N>> && requires(N a) {
  to_bits(a);
};

/// Layout of an IEEE number.
template <Real R>
struct Format {
  using Bits = unsigned_of<R>;
  static constexpr int mantissa_bits = std::numeric_limits<R>::digits - 1;
  static constexpr Bits one = std::bit_cast<Bits>(R(1));
  static constexpr Bits bias = one >> mantissa_bits;
  static constexpr R infinity = std::numeric_limits<R>::infinity();
  static constexpr R nan = std::numeric_limits<R>::quiet_NaN();
  static constexpr R two_to_mantissa = R(Bits(1) << mantissa_bits);
  /// Adding it rounds to an integer, whose low bits are then those of the sum.
  static constexpr R rounder = two_to_mantissa + two_to_mantissa / 2;
};

/// c0 + c1 x + c2 x^2 + ...
template <Number N>
KRAMERS_HOST_DEVICE N polynomial(N, real_of<N> c) {
  return N(c);
}
template <Number N, class... More>
KRAMERS_HOST_DEVICE N polynomial(N x, real_of<N> c, More... more) {
  return fma(x, polynomial(x, real_of<N>(more)...), N(c));
}

template <Number N>
KRAMERS_HOST_DEVICE auto is_number(N x) {  // false for NaN alone
  return abs(x) > N(-1);
}

/// 2^k, k in (-bias, bias], from the bits of k + rounder.
template <Number N, class Bits>
KRAMERS_HOST_DEVICE N power_of_two(Bits k) {
  using F = Format<real_of<N>>;
  return from_bits<N>((k << F::mantissa_bits) + Bits(F::one));
}

/// x = k ln 2 + r with |r| <= ln 2 / 2: e^x = 2^k (1 + expm1_r).
template <Number N>
struct ReducedExponential {
  decltype(to_bits(N())) k;  ///< bits of k + rounder
  N expm1_r;
};
template <Number N>
KRAMERS_HOST_DEVICE ReducedExponential<N> reduced_exponential(N x) {
  using R = real_of<N>;
  const N rounder(Format<R>::rounder);
  if constexpr (sizeof(R) == 8) {
    const N t = fma(x, N(0x1.71547652b82fep+0), rounder);
    const N k = t - rounder;
    const N r = fma(-k, N(0x1.abc9e3b39803fp-56), fma(-k, N(0x1.62e42fefa39efp-1), x));
    const N p = polynomial(r, 0.5, 0x1.5555555555559p-3, 0x1.5555555555559p-5, 0x1.111111110f6dcp-7,
                           0x1.6c16c16c14a7ap-10, 0x1.a01a01afd5b36p-13, 0x1.a01a01af66506p-16, 0x1.71ddf87615626p-19,
                           0x1.27e4c7bf60442p-22, 0x1.af5e8890f6968p-26, 0x1.1f92c732b99dap-29);
    return {to_bits(t), fma(r * r, p, r)};
  } else {
    const N t = fma(x, N(0x1.715476p+0f), rounder);
    const N k = t - rounder;
    const N r = fma(-k, N(-0x1.05c610p-29f), fma(-k, N(0x1.62e430p-1f), x));
    const N p = polynomial(r, 0.5f, 0x1.5554b2p-3f, 0x1.5554c8p-5f, 0x1.1226b6p-7f, 0x1.6d713cp-10f);
    return {to_bits(t), fma(r * r, p, r)};
  }
}

/// 2^k (1 + expm1_r) for -2 bias < k < 2 bias, rounded once also where it is subnormal.
template <Number N>
KRAMERS_HOST_DEVICE N scaled(const ReducedExponential<N>& e) {
  using F = Format<real_of<N>>;
  using Bits = decltype(e.k);
  // 2^k in two factors: k may lie outside the exponents of a normal number
  const Bits k = e.k - Bits(to_bits(F::rounder));
  const Bits half = ((k + Bits(4096)) >> 1) - Bits(2048);
  const N power = power_of_two<N>(half);
  return fma(power, e.expm1_r, power) * power_of_two<N>(k - half);
}

/// e^x, subnormal results included; within 1 ulp.
template <Number N>
KRAMERS_HOST_DEVICE N exp(N x) {
  using R = real_of<N>;
  using F = Format<R>;
  constexpr R over = sizeof(R) == 8 ? 710 : 89, under = sizeof(R) == 8 ? -746 : -104;
  const auto e = reduced_exponential(max(min(x, N(over)), N(under)));
  return select(is_number(x), scaled(e), N(F::nan));
}

/// tanh x, within 2.5 ulp also near 0.
template <Number N>
KRAMERS_HOST_DEVICE N tanh(N x) {
  using R = real_of<N>;
  constexpr R saturated = sizeof(R) == 8 ? 44 : 20;
  const N a = abs(x);
  const auto e = reduced_exponential(min(a + a, N(saturated)));
  const N power = power_of_two<N>(e.k);
  const N expm1_2x = fma(power, e.expm1_r, power - N(1));
  const N y = expm1_2x / (expm1_2x + N(2));
  return select(is_number(x), from_bits<N>(to_bits(y) | (to_bits(x) ^ to_bits(a))), N(Format<R>::nan));
}

/// x = 2^k m with m in [sqrt(1/2), sqrt(2)), for positive finite x, subnormal ones included.
template <Number N>
struct MantissaExponent {
  N m, k;
};
template <Number N>
KRAMERS_HOST_DEVICE MantissaExponent<N> mantissa_and_exponent(N x) {
  using R = real_of<N>;
  using F = Format<R>;
  using Bits = decltype(to_bits(x));
  const auto subnormal = x < N(std::numeric_limits<R>::min());
  const Bits bits = to_bits(select(subnormal, x * N(4 * F::two_to_mantissa), x));
  const Bits biased = (bits - Bits(to_bits(R(0x1.6a09e667f3bcdp-1))) + Bits(F::one)) >> F::mantissa_bits;
  const N k =
      from_bits<N>(biased | Bits(to_bits(F::two_to_mantissa))) -
      select(subnormal, N(F::two_to_mantissa + R(F::bias + F::mantissa_bits + 2)), N(F::two_to_mantissa + R(F::bias)));
  return {from_bits<N>(bits - (biased << F::mantissa_bits) + Bits(F::one)), k};
}

/// ln x, subnormal arguments included; -inf at 0, NaN below; within 0.8 ulp.
template <Number N>
KRAMERS_HOST_DEVICE N log(N x) {
  using R = real_of<N>;
  using F = Format<R>;
  const auto [m, k] = mantissa_and_exponent(x);
  // ln m = 2 artanh s = 2 s + s z p(z), arranged so that f = m - 1 is added last and exact
  const N f = m - N(1);
  const N s = f / (f + N(2));
  const N z = s * s;
  const N half_square = N(R(0.5)) * f * f;
  N y;
  if constexpr (sizeof(R) == 8) {
    const N p = z * polynomial(z, 0x1.5555555555592p-1, 0x1.999999997fd7ap-2, 0x1.24924941f4e05p-2,
                               0x1.c71c520615de0p-3, 0x1.74663fa07a01fp-3, 0x1.39a1a70c4652ap-3, 0x1.2f0634596ccf8p-3);
    const N low = fma(s, half_square + p, k * N(0x1.3de6af278ece6p-42));
    y = fma(k, N(0x1.62e42fefa3000p-1), f - (half_square - low));
  } else {
    const N p = z * polynomial(z, 0x1.555554p-1f, 0x1.999a7ap-2f, 0x1.2438d2p-2f, 0x1.e2f724p-3f);
    const N low = fma(s, half_square + p, k * N(0x1.7f7d1cp-20f));
    y = fma(k, N(0x1.62e4p-1f), f - (half_square - low));
  }
  const N at_most_zero = select(x > N(-std::numeric_limits<R>::denorm_min()), N(-F::infinity), N(F::nan));
  const N edge = select(x > N(0), N(F::infinity), at_most_zero);
  return select((x > N(0)) & (x < N(F::infinity)), y, edge);
}

/// x^y with the special cases of IEEE 754 (x^0 = 1^y = 1; a negative x has a power for integer y only);
/// within 1.3 ulp.
template <Number N>
KRAMERS_HOST_DEVICE N pow(N x, N y) {
  using R = real_of<N>;
  using F = Format<R>;
  using Bits = decltype(to_bits(x));
  constexpr bool wide = sizeof(R) == 8;
  const N zero(R(0)), one(R(1)), infinity(F::infinity), ax = abs(x), ay = abs(y);
  // ln |x| = k ln 2 + 2 artanh s as the unevaluated sum of two numbers, s = (m - 1) / (m + 1)
  const auto [m, k] = mantissa_and_exponent(ax);
  const N f = m - one, d = m + one, d_low = m - (d - one);
  const N s = f / d;
  const N s_low = fma(-s, d_low, fma(-s, d, f)) / d;
  const N z = s * s, z_low = fma(s + s, s_low, fma(s, s, -z));
  const N cube = s * z, cube_low = fma(s, z_low, fma(s_low, z, fma(s, z, -cube)));
  const N third(wide ? R(0x1.5555555555555p-1) : R(0x1.555556p-1f));  // 2/3, and what is missing
  const N third_low(wide ? R(0x1.5555555555555p-55) : R(-0x1.555556p-26f));
  const N cubic = third * cube, cubic_low = fma(third, cube_low, fma(third_low, cube, fma(third, cube, -cubic)));
  N tail, whole, whole_low;
  if constexpr (wide) {
    tail = polynomial(z, 0x1.9999999999996p-2, 0x1.2492492493036p-2, 0x1.c71c71c580472p-3, 0x1.745d183262a57p-3,
                      0x1.3b1362b1d456cp-3, 0x1.1120b6426ef9dp-3, 0x1.de33575a2bdb2p-4, 0x1.eb11f2c2e716ap-4);
    whole = k * N(0x1.62e42fefa3000p-1);
    whole_low = k * N(0x1.3de6af278ece6p-42);
  } else {
    tail = polynomial(z, 0x1.99999ap-2f, 0x1.249244p-2f, 0x1.c72108p-3f, 0x1.7355d4p-3f, 0x1.56af94p-3f);
    whole = k * N(0x1.62e4p-1f);
    whole_low = k * N(0x1.7f7d1cp-20f);
  }
  const N sum = whole + (s + s), sum_low = (s + s) - (sum - whole);
  const N main = sum + cubic, main_low = cubic - (main - sum);
  const N rest = sum_low + (main_low + (s_low + s_low + (cubic_low + fma(cube * z, tail, whole_low))));
  const N ends = select(ax == zero, -infinity, infinity);
  const auto inside = (ax > zero) & (ax < infinity);
  const N log_high = select(inside, main + rest, ends);
  const N log_low = select(inside, rest - ((main + rest) - main), zero);
  // e^(y ln |x|)
  constexpr R over = wide ? 710 : 89, under = wide ? -746 : -104;
  const N product = y * log_high;
  const N product_low = select(abs(product) < N(R(1000)), fma(y, log_high, -product) + y * log_low, zero);
  auto e = reduced_exponential(max(min(product, N(over)), N(under)));
  e.expm1_r = fma(product_low, one + e.expm1_r, e.expm1_r);
  N power = select(ax == one, one, scaled(e));
  // the sign of x for an odd y; NaN for a negative x and a y that is no integer
  const N mantissa(F::two_to_mantissa);
  const N rounded = ay + mantissa;
  const auto fraction_possible = ay < mantissa;
  const N whole_y = select(fraction_possible, rounded - mantissa, ay);
  const Bits odd = to_bits(select(fraction_possible, rounded, ay)) & Bits(1);
  const N minus_if_odd = select(ay < N(2 * F::two_to_mantissa), from_bits<N>(odd << (int(sizeof(R)) * 8 - 1)), zero);
  const Bits sign_of_x = to_bits(x) ^ to_bits(ax);
  const N signed_power = from_bits<N>(to_bits(power) | (to_bits(minus_if_odd) & sign_of_x));
  const N nan(F::nan);
  power = select(whole_y == ay, signed_power, select((x < zero) & (ax < infinity), nan, power));
  power = select(is_number(x), select(is_number(y), power, nan), nan);
  return select(y == zero, one, select(x == one, one, power));
}

template <Number N>
struct SinCos {
  N sin, cos;
};

/// sin x and cos x for |x| <= 2^49 in double, 2^20 in single precision, within 0.8 ulp; NaN beyond.
template <Number N>
KRAMERS_HOST_DEVICE SinCos<N> sincos(N x) {
  using R = real_of<N>;
  using F = Format<R>;
  using Bits = decltype(to_bits(x));
  constexpr bool wide = sizeof(R) == 8;
  constexpr R largest = wide ? 0x1p49 : 0x1p20;
  // |x| = k pi/2 + r + r_low, with pi/2 in three parts
  const N a = min(abs(x), N(largest));
  const N t = fma(a, N(wide ? R(0x1.45f306dc9c883p-1) : R(0x1.45f306p-1f)), N(F::rounder));
  const N k = t - N(F::rounder);
  const N high = fma(-k, N(wide ? R(0x1.921fb54442d18p+0) : R(0x1.921fb6p+0f)), a);
  const N middle_part(wide ? R(0x1.1a62633145c07p-54) : R(-0x1.777a5cp-25f));
  const N middle = k * middle_part;
  const N r = high - middle;
  const N back = r - high;
  const N lost = (high - (r - back)) - (middle + back);
  const N low =
      fma(-k, N(wide ? R(-0x1.f1976b7ed9000p-110) : R(-0x1.ee59dap-50f)), lost - fma(k, middle_part, -middle));
  const N z = r * r;
  N sin_tail, cos_tail;  // (sin r - r) / r^3, (cos r - 1 + z/2) / z^2
  if constexpr (wide) {
    sin_tail = polynomial(z, -0x1.5555555555555p-3, 0x1.1111111111102p-7, -0x1.a01a01a017268p-13, 0x1.71de3a515c67fp-19,
                          -0x1.ae6450509d317p-26, 0x1.611f35324b204p-33, -0x1.aa0241faf0eadp-41);
    cos_tail = polynomial(z, 0x1.555555555553dp-5, -0x1.6c16c16c132ccp-10, 0x1.a01a0199ced26p-16,
                          -0x1.27e4f6095d29dp-22, 0x1.1ee89e149b6c3p-29, -0x1.8f093b5a1318bp-37);
  } else {
    sin_tail = polynomial(z, -0x1.555556p-3f, 0x1.111104p-7f, -0x1.a00be4p-13f, 0x1.6c0426p-19f);
    cos_tail = polynomial(z, 0x1.555544p-5f, -0x1.6c08e4p-10f, 0x1.9900f6p-16f);
  }
  const N half_square = N(R(0.5)) * z;
  const N w = N(1) - half_square;
  const N s = r + fma(r * z, sin_tail, low * w);
  const N c = w + (((N(1) - w) - half_square) + fma(z * z, cos_tail, -(r * low)));
  // the quadrant swaps the two and sets their signs
  const Bits quadrant = to_bits(t), one(1);
  const Bits swap = (to_bits(s) ^ to_bits(c)) & (Bits(0) - (quadrant & one));
  constexpr int to_sign = int(sizeof(R)) * 8 - 2;
  const Bits sin_sign = ((quadrant & Bits(2)) << to_sign) ^ to_bits(x) ^ to_bits(abs(x));
  const Bits cos_sign = ((quadrant + one) & Bits(2)) << to_sign;
  constexpr R beyond = largest * (1 + std::numeric_limits<R>::epsilon());
  const auto inside = abs(x) < N(beyond);
  return {select(inside, from_bits<N>((to_bits(s) ^ swap) ^ sin_sign), N(F::nan)),
          select(inside, from_bits<N>((to_bits(c) ^ swap) ^ cos_sign), N(F::nan))};
}
template <Number N>
KRAMERS_HOST_DEVICE N sin(N x) {
  return sincos(x).sin;
}
template <Number N>
KRAMERS_HOST_DEVICE N cos(N x) {
  return sincos(x).cos;
}

}  // namespace kramers::sde
