#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <type_traits>

#ifdef __CUDACC__
#define KRAMERS_HOST_DEVICE __host__ __device__
#else
#define KRAMERS_HOST_DEVICE
#endif

/// The operations of which state, gradient and noise arithmetic is made, for one number; `pack.hpp` has the same ones
/// for a SIMD vector of numbers. Each is a single correctly rounded IEEE operation or a bit manipulation, so that every
/// target computes the same bits. Products and sums are fused only where `fma` says so (contraction is off).
namespace kramers::sde {

template <class T>
concept Real = std::same_as<T, float> || std::same_as<T, double>;

/// The real type behind a number type: double for double and for Pack<double>, ...
template <class N>
struct RealOf;
template <Real R>
struct RealOf<R> {
  using type = R;
};
template <class N>
using real_of = typename RealOf<N>::type;

/// Integers as wide as R.
template <class R>
using signed_of = std::conditional_t<sizeof(R) == 4, std::int32_t, std::int64_t>;
template <class R>
using unsigned_of = std::conditional_t<sizeof(R) == 4, std::uint32_t, std::uint64_t>;

KRAMERS_HOST_DEVICE inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
KRAMERS_HOST_DEVICE inline double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
KRAMERS_HOST_DEVICE inline float sqrt(float a) { return __builtin_sqrtf(a); }
KRAMERS_HOST_DEVICE inline double sqrt(double a) { return __builtin_sqrt(a); }

/// The second argument where the comparison is false, so a NaN in `a` is replaced by `b`.
template <Real R>
KRAMERS_HOST_DEVICE R min(R a, R b) {
  return a < b ? a : b;
}
template <Real R>
KRAMERS_HOST_DEVICE R max(R a, R b) {
  return a > b ? a : b;
}
template <class R>
requires std::is_arithmetic_v<R> KRAMERS_HOST_DEVICE R select(bool condition, R if_true, R if_false) {
  return condition ? if_true : if_false;
}

/// The bit pattern as an unsigned integer of the same width, and back.
template <Real R>
KRAMERS_HOST_DEVICE unsigned_of<R> to_bits(R a) {
  return std::bit_cast<unsigned_of<R>>(a);
}
template <Real R>
KRAMERS_HOST_DEVICE R from_bits(unsigned_of<R> bits) {
  return std::bit_cast<R>(bits);
}

template <Real R>
KRAMERS_HOST_DEVICE R abs(R a) {
  return from_bits<R>(to_bits(a) & (~unsigned_of<R>(0) >> 1));
}

/// Exact low 32 x 32 -> 64 bit product; the upper halves of the operands are ignored.
KRAMERS_HOST_DEVICE inline std::uint64_t multiply_low32(std::uint64_t a, std::uint64_t b) {
#ifdef __CUDA_ARCH__
  std::uint64_t product;  // nvcc would multiply all 64 bits
  asm("mul.wide.u32 %0, %1, %2;" : "=l"(product) : "r"(std::uint32_t(a)), "r"(std::uint32_t(b)));
  return product;
#else
  return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}

/// The upper 32 bits, moved to the lower half; what is left in the upper half is unspecified.
KRAMERS_HOST_DEVICE inline std::uint64_t high32(std::uint64_t a) { return a >> 32; }

/// The nearest single-precision number.
KRAMERS_HOST_DEVICE inline float to_float(std::uint32_t a) { return float(a); }
KRAMERS_HOST_DEVICE inline float to_float(std::int32_t a) { return float(a); }
/// The bits read as a signed integer.
KRAMERS_HOST_DEVICE inline std::int32_t as_signed(std::uint32_t a) { return std::int32_t(a); }

}  // namespace kramers::sde
