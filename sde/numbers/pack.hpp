#pragma once

#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "sde/numbers/number.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define KRAMERS_VECTOR_BYTES 64
#elif defined(__AVX2__) && defined(__FMA__)
#define KRAMERS_VECTOR_BYTES 32
#else
#define KRAMERS_VECTOR_BYTES 16
#endif

/// A SIMD register of numbers, with the operations of `number.hpp`. Formulas templated on the number type run on it
/// unchanged and give, lane by lane, the bits that they give for one number.
namespace kramers::sde {

// Spelled out for each type: g++ 12 loses the attribute of a dependent typedef.
template <class T>
struct VectorOf;
#define KRAMERS_VECTOR_OF(T)                                           \
  template <>                                                          \
  struct VectorOf<T> {                                                 \
    typedef T type __attribute__((vector_size(KRAMERS_VECTOR_BYTES))); \
  };
KRAMERS_VECTOR_OF(float)
KRAMERS_VECTOR_OF(double)
KRAMERS_VECTOR_OF(std::int32_t)
KRAMERS_VECTOR_OF(std::uint32_t)
KRAMERS_VECTOR_OF(std::int64_t)
KRAMERS_VECTOR_OF(std::uint64_t)
#undef KRAMERS_VECTOR_OF

template <class T>
struct Pack {
  static constexpr int lanes = KRAMERS_VECTOR_BYTES / int(sizeof(T));
  using Vector = typename VectorOf<T>::type;
  Vector v;

  Pack() = default;
  Pack(T a) : v(a - Vector{}) {}
  explicit Pack(Vector vector) : v(vector) {}

  static Pack load(const T* p) {
    Pack a;
    std::memcpy(&a.v, p, sizeof(Vector));
    return a;
  }
  void store(T* p) const { std::memcpy(p, &v, sizeof(Vector)); }
  T operator[](int lane) const { return v[lane]; }

  friend Pack operator+(Pack a, Pack b) { return Pack(a.v + b.v); }
  friend Pack operator-(Pack a, Pack b) { return Pack(a.v - b.v); }
  friend Pack operator*(Pack a, Pack b) { return Pack(a.v * b.v); }
  friend Pack operator/(Pack a, Pack b) { return Pack(a.v / b.v); }
  friend Pack operator-(Pack a) { return Pack(-a.v); }
  friend Pack operator&(Pack a, Pack b) { return Pack(a.v & b.v); }
  friend Pack operator|(Pack a, Pack b) { return Pack(a.v | b.v); }
  friend Pack operator^(Pack a, Pack b) { return Pack(a.v ^ b.v); }
  friend Pack operator<<(Pack a, int count) { return Pack(a.v << count); }
  friend Pack operator>>(Pack a, int count) { return Pack(a.v >> count); }
};

template <Real R>
struct RealOf<Pack<R>> {
  using type = R;
};

/// Which lanes a comparison holds in.
template <class R>
struct Mask {
#if KRAMERS_VECTOR_BYTES == 64
  std::conditional_t<sizeof(R) == 4, __mmask16, __mmask8> m;
  friend Mask operator&(Mask a, Mask b) { return {decltype(m)(a.m & b.m)}; }
  friend Mask operator|(Mask a, Mask b) { return {decltype(m)(a.m | b.m)}; }
#else
  typename Pack<signed_of<R>>::Vector m;  // all ones where true
  friend Mask operator&(Mask a, Mask b) { return {a.m & b.m}; }
  friend Mask operator|(Mask a, Mask b) { return {a.m | b.m}; }
#endif
};

#if KRAMERS_VECTOR_BYTES == 64

// Masked forms with every lane on where the plain intrinsics of g++ 12 begin with an uninitialised register and warn.
inline Mask<double> operator<(Pack<double> a, Pack<double> b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask<float> operator<(Pack<float> a, Pack<float> b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask<double> operator==(Pack<double> a, Pack<double> b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask<float> operator==(Pack<float> a, Pack<float> b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline Pack<double> select(Mask<double> m, Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm512_mask_blend_pd(m.m, b.v, a.v));
}
inline Pack<float> select(Mask<float> m, Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm512_mask_blend_ps(m.m, b.v, a.v));
}
inline Pack<double> fma(Pack<double> a, Pack<double> b, Pack<double> c) {
  return Pack<double>(_mm512_fmadd_pd(a.v, b.v, c.v));
}
inline Pack<float> fma(Pack<float> a, Pack<float> b, Pack<float> c) {
  return Pack<float>(_mm512_fmadd_ps(a.v, b.v, c.v));
}
inline Pack<double> sqrt(Pack<double> a) { return Pack<double>(_mm512_maskz_sqrt_pd(__mmask8(-1), a.v)); }
inline Pack<float> sqrt(Pack<float> a) { return Pack<float>(_mm512_maskz_sqrt_ps(__mmask16(-1), a.v)); }
inline Pack<double> min(Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm512_maskz_min_pd(__mmask8(-1), a.v, b.v));
}
inline Pack<float> min(Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm512_maskz_min_ps(__mmask16(-1), a.v, b.v));
}
inline Pack<double> max(Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm512_maskz_max_pd(__mmask8(-1), a.v, b.v));
}
inline Pack<float> max(Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm512_maskz_max_ps(__mmask16(-1), a.v, b.v));
}
inline Pack<std::uint64_t> multiply_low32(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return Pack<std::uint64_t>(reinterpret_cast<Pack<std::uint64_t>::Vector>(
      _mm512_maskz_mul_epu32(__mmask8(-1), reinterpret_cast<__m512i>(a.v), reinterpret_cast<__m512i>(b.v))));
}
inline Pack<std::uint64_t> high32(Pack<std::uint64_t> a) {
  return Pack<std::uint64_t>(reinterpret_cast<Pack<std::uint64_t>::Vector>(
      _mm512_maskz_shuffle_epi32(__mmask16(-1), reinterpret_cast<__m512i>(a.v), _MM_PERM_CDAB)));
}
/// 32-bit lane 2 j = the low (high) half of a's lane j, lane 2 j + 1 = that of b's.
inline Pack<std::uint32_t> join_low(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return Pack<std::uint32_t>(reinterpret_cast<Pack<std::uint32_t>::Vector>(_mm512_mask_shuffle_epi32(
      reinterpret_cast<__m512i>(a.v), 0xAAAA, reinterpret_cast<__m512i>(b.v), _MM_PERM_CDAB)));
}
inline Pack<std::uint32_t> join_high(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return Pack<std::uint32_t>(reinterpret_cast<Pack<std::uint32_t>::Vector>(_mm512_mask_shuffle_epi32(
      reinterpret_cast<__m512i>(b.v), 0x5555, reinterpret_cast<__m512i>(a.v), _MM_PERM_CDAB)));
}

#elif KRAMERS_VECTOR_BYTES == 32

inline Mask<double> operator<(Pack<double> a, Pack<double> b) { return {a.v < b.v}; }
inline Mask<float> operator<(Pack<float> a, Pack<float> b) { return {a.v < b.v}; }
inline Mask<double> operator==(Pack<double> a, Pack<double> b) { return {a.v == b.v}; }
inline Mask<float> operator==(Pack<float> a, Pack<float> b) { return {a.v == b.v}; }
inline Pack<double> select(Mask<double> m, Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm256_blendv_pd(b.v, a.v, reinterpret_cast<__m256d>(m.m)));
}
inline Pack<float> select(Mask<float> m, Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm256_blendv_ps(b.v, a.v, reinterpret_cast<__m256>(m.m)));
}
inline Pack<double> fma(Pack<double> a, Pack<double> b, Pack<double> c) {
  return Pack<double>(_mm256_fmadd_pd(a.v, b.v, c.v));
}
inline Pack<float> fma(Pack<float> a, Pack<float> b, Pack<float> c) {
  return Pack<float>(_mm256_fmadd_ps(a.v, b.v, c.v));
}
inline Pack<double> sqrt(Pack<double> a) { return Pack<double>(_mm256_sqrt_pd(a.v)); }
inline Pack<float> sqrt(Pack<float> a) { return Pack<float>(_mm256_sqrt_ps(a.v)); }
inline Pack<double> min(Pack<double> a, Pack<double> b) { return Pack<double>(_mm256_min_pd(a.v, b.v)); }
inline Pack<float> min(Pack<float> a, Pack<float> b) { return Pack<float>(_mm256_min_ps(a.v, b.v)); }
inline Pack<double> max(Pack<double> a, Pack<double> b) { return Pack<double>(_mm256_max_pd(a.v, b.v)); }
inline Pack<float> max(Pack<float> a, Pack<float> b) { return Pack<float>(_mm256_max_ps(a.v, b.v)); }
inline Pack<std::uint64_t> multiply_low32(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return Pack<std::uint64_t>(reinterpret_cast<Pack<std::uint64_t>::Vector>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a.v), reinterpret_cast<__m256i>(b.v))));
}
inline Pack<std::uint64_t> high32(Pack<std::uint64_t> a) { return a >> 32; }
inline Pack<std::uint32_t> join_low(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return Pack<std::uint32_t>(reinterpret_cast<Pack<std::uint32_t>::Vector>(
      _mm256_blend_epi32(reinterpret_cast<__m256i>(a.v), reinterpret_cast<__m256i>((b << 32).v), 0xAA)));
}
inline Pack<std::uint32_t> join_high(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return Pack<std::uint32_t>(reinterpret_cast<Pack<std::uint32_t>::Vector>(
      _mm256_blend_epi32(reinterpret_cast<__m256i>((a >> 32).v), reinterpret_cast<__m256i>(b.v), 0xAA)));
}

#else  // any other machine: lane by lane. Spelled out for each type, so that numbers turn into registers as they do
       // above.

#define KRAMERS_LANE_BY_LANE(R)                                                      \
  inline Mask<R> operator<(Pack<R> a, Pack<R> b) { return {a.v < b.v}; }             \
  inline Mask<R> operator==(Pack<R> a, Pack<R> b) { return {a.v == b.v}; }           \
  inline Pack<R> select(Mask<R> m, Pack<R> a, Pack<R> b) {                           \
    for (int i = 0; i < a.lanes; ++i)                                                \
      if (!m.m[i]) a.v[i] = b.v[i];                                                  \
    return a;                                                                        \
  }                                                                                  \
  inline Pack<R> fma(Pack<R> a, Pack<R> b, Pack<R> c) {                              \
    for (int i = 0; i < c.lanes; ++i) c.v[i] = fma(R(a.v[i]), R(b.v[i]), R(c.v[i])); \
    return c;                                                                        \
  }                                                                                  \
  inline Pack<R> sqrt(Pack<R> a) {                                                   \
    for (int i = 0; i < a.lanes; ++i) a.v[i] = sqrt(R(a.v[i]));                      \
    return a;                                                                        \
  }                                                                                  \
  inline Pack<R> min(Pack<R> a, Pack<R> b) { return select(a < b, a, b); }           \
  inline Pack<R> max(Pack<R> a, Pack<R> b) { return select(b < a, a, b); }
KRAMERS_LANE_BY_LANE(double)
KRAMERS_LANE_BY_LANE(float)
#undef KRAMERS_LANE_BY_LANE
inline Pack<std::uint64_t> multiply_low32(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  for (int i = 0; i < a.lanes; ++i) a.v[i] = multiply_low32(std::uint64_t(a.v[i]), std::uint64_t(b.v[i]));
  return a;
}
inline Pack<std::uint64_t> high32(Pack<std::uint64_t> a) { return a >> 32; }
inline Pack<std::uint32_t> join_low(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  Pack<std::uint32_t> c;
  for (int j = 0; j < a.lanes; ++j) c.v[2 * j] = std::uint32_t(a.v[j]), c.v[2 * j + 1] = std::uint32_t(b.v[j]);
  return c;
}
inline Pack<std::uint32_t> join_high(Pack<std::uint64_t> a, Pack<std::uint64_t> b) {
  return join_low(a >> 32, b >> 32);
}

#endif

template <Real R>
Mask<R> operator>(Pack<R> a, Pack<R> b) {
  return b < a;
}

template <Real R>
Pack<unsigned_of<R>> to_bits(Pack<R> a) {
  return Pack<unsigned_of<R>>(reinterpret_cast<typename Pack<unsigned_of<R>>::Vector>(a.v));
}
template <class R, class U>
requires std::same_as<R, Pack<real_of<R>>> R from_bits(Pack<U> bits) {
  return R(reinterpret_cast<typename R::Vector>(bits.v));
}
/// The same bits read as signed or unsigned integers.
template <class To, class From>
Pack<To> reinterpret(Pack<From> a) {
  return Pack<To>(reinterpret_cast<typename Pack<To>::Vector>(a.v));
}

inline Pack<std::int32_t> as_signed(Pack<std::uint32_t> a) { return reinterpret<std::int32_t>(a); }
inline Pack<float> to_float(Pack<std::uint32_t> a) {
  return Pack<float>(__builtin_convertvector(a.v, Pack<float>::Vector));
}
inline Pack<float> to_float(Pack<std::int32_t> a) {
  return Pack<float>(__builtin_convertvector(a.v, Pack<float>::Vector));
}

template <Real R>
Pack<R> abs(Pack<R> a) {
  return from_bits<Pack<R>>(to_bits(a) & Pack<unsigned_of<R>>(~unsigned_of<R>(0) >> 1));
}

}  // namespace kramers::sde
