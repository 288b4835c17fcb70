#pragma once

#include "sde/numbers/elementary.hpp"

/// Random bits to standard normals (Box & Muller 1958): radius sqrt(-2 ln u), u uniform in (0, 1], and an angle pi v,
/// v uniform in [-1/2, 1/2], with a random sign for the other half of the circle. All bits finite, none special.
///
/// - double: u = 1 - k 2^-53 with 53 bits, so |z| <= 8.58; v has 52 bits.
/// - single: u = (k + 1) 2^-32 rounded, so |z| <= 6.67; v has 32 bits, rounded.
///
/// Given u and v, the normals are within 5 ulp of the exact ones (`tests/test_noise.cpp`).
namespace kramers::sde {

template <Number N>
using BitsOf = decltype(to_bits(std::declval<N>()));

template <Number N>
struct NormalPair {
  N cosine, sine;
};

/// Uniform in (0, 1]: 53 bits of 64 in double, 32 of 32 in single precision.
template <Number N>
KRAMERS_HOST_DEVICE N uniform_above_zero(BitsOf<N> bits) {
  if constexpr (sizeof(real_of<N>) == 8) {
    // 2 - t is u but for the bit below t's last one; every step is exact, and no integer is converted
    using Bits = BitsOf<N>;
    const N t = from_bits<N>((bits >> 12) | Bits(to_bits(1.0)));
    const N last = from_bits<N>((bits & Bits(0x800u)) | Bits(to_bits(0x1p-12)));  // 2^-12 + bit 11 * 2^-53
    return (N(2 + 0x1p-12) - t) - last;
  } else {
    return fma(to_float(bits), N(0x1p-32f), N(0x1p-32f));
  }
}

/// Uniform in [-1/2, 1/2].
template <Number N>
KRAMERS_HOST_DEVICE N uniform_centred(BitsOf<N> bits) {
  if constexpr (sizeof(real_of<N>) == 8) {
    return from_bits<N>((bits >> 12) | BitsOf<N>(to_bits(1.0))) - N(1.5);
  } else {
    return to_float(as_signed(bits)) * N(0x1p-32f);
  }
}

/// -2 ln u for a normal number u in (0, 1]: u = 2^k m with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh((m-1)/(m+1)).
template <Number N>
KRAMERS_HOST_DEVICE N minus_two_log(N u) {
  using F = Format<real_of<N>>;
  using Bits = BitsOf<N>;
  const Bits below_one(to_bits(real_of<N>(0x1.6a09e667f3bcdp-1)));
  const Bits shifted = to_bits(u) - below_one + Bits(F::one);  // the exponent is now that of 2^k
  const N m = from_bits<N>((shifted & Bits((typename F::Bits(1) << F::mantissa_bits) - 1)) + below_one);
  const N k = from_bits<N>((shifted >> F::mantissa_bits) | Bits(to_bits(F::two_to_mantissa))) -
              N(F::two_to_mantissa + real_of<N>(F::bias));
  const N s = (m - N(1)) / (m + N(1));
  const N z = s * s;
  // p(z) = -4 artanh(s) / s, relative error 1.7e-16 in double, 1.2e-7 in single precision
  if constexpr (sizeof(real_of<N>) == 8) {
    const N p = polynomial(z, -0x1.0000000000001p+2, -0x1.5555555552cecp+0, -0x1.999999a44866cp-1,
                           -0x1.249240ad7572cp-1, -0x1.c722d28f63202p-2, -0x1.732276a5da1ecp-2, -0x1.58dd5ab9a5a62p-2);
    return fma(s, p, k * N(-0x1.62e42fefa39efp+0));
  } else {
    const N p = polynomial(z, -0x1.000002p+2f, -0x1.55425cp+0f, -0x1.a6e2d6p-1f);
    return fma(s, p, k * N(-0x1.62e430p+0f));
  }
}

/// Two independent normals from two words as wide as the number.
template <Number N>
KRAMERS_HOST_DEVICE NormalPair<N> box_muller(BitsOf<N> radius_bits, BitsOf<N> angle_bits) {
  constexpr int to_sign = int(sizeof(real_of<N>)) * 8 - 1;
  const N radius = sqrt(minus_two_log(uniform_above_zero<N>(radius_bits)));
  const N r = from_bits<N>(to_bits(radius) | (angle_bits << to_sign));
  const N v = uniform_centred<N>(angle_bits);
  const N w = v * v;
  // cos(pi v) = (1/4 - v^2) p(v^2) and sin(pi v) = v q(v^2) keep their relative accuracy at their zeros; relative
  // errors of p and q: 1.8e-17 and 1.4e-16 in double, 9.8e-10 and 5.3e-9 in single precision
  N p, q;
  if constexpr (sizeof(real_of<N>) == 8) {
    p = polynomial(w, 0x1.0000000000000p+2, -0x1.de9e64df22ea4p+1, 0x1.472be122401f8p+0, -0x1.d4fcd82df91d6p-3,
                   0x1.9f05c97e0b4c0p-6, -0x1.f3091c42a46c8p-10, 0x1.b22c9c028d736p-14, -0x1.15484353ba006p-18);
    q = polynomial(w, 0x1.921fb54442d17p+1, -0x1.4abbce625bd5ep+2, 0x1.466bc67751058p+1, -0x1.32d2cce17d329p-1,
                   0x1.50783249cf289p-4, -0x1.e30623c3280a5p-8, 0x1.e89ce9fe9c96cp-12, -0x1.62626402085bcp-16);
  } else {
    p = polynomial(w, 0x1.000000p+2f, -0x1.de9e5ep+1f, 0x1.472a56p+0f, -0x1.d474e0p-3f, 0x1.8bbda0p-6f);
    q = polynomial(w, 0x1.921fb6p+1f, -0x1.4abbc2p+2f, 0x1.4668b0p+1f, -0x1.324ccap-1f, 0x1.3daff6p-4f);
  }
  return {r * fma(-v, v, N(real_of<N>(0.25))) * p, r * v * q};
}

}  // namespace kramers::sde
