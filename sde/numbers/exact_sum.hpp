#pragma once

#include <array>
#include <cstdint>

#include "sde/numbers/number.hpp"

namespace kramers::sde {

/// A sum of doubles without rounding, so that terms and partial sums may come in any order: a fixed-point number that
/// spans the whole range of double. An infinite or NaN term makes the sum what IEEE addition makes of it.
class ExactSum {
 public:
  KRAMERS_HOST_DEVICE void add(double term) {
    if (term == 0) return;
    const std::uint64_t bits = to_bits(term);
    const int exponent = int(bits >> 52 & 0x7ff);
    if (exponent == 0x7ff) {  // infinite or NaN
      not_finite_ += term;
      return;
    }
    // |term| = mantissa 2^(max(exponent, 1) - 1075)
    const std::uint64_t fraction = bits & ((std::uint64_t(1) << 52) - 1);
    const std::uint64_t mantissa = exponent == 0 ? fraction : fraction | std::uint64_t(1) << 52;
    const int position = (exponent == 0 ? 1 : exponent) - 1075 - lowest_exponent;
    const int digit = position / 32, shift = position % 32;
    const std::int64_t sign = term < 0 ? -1 : 1;
    // mantissa 2^shift in three digits
    digits_[digit] += sign * std::int64_t(std::uint32_t(mantissa << shift));
    digits_[digit + 1] += sign * std::int64_t(std::uint32_t(mantissa << shift >> 32));
    digits_[digit + 2] += sign * std::int64_t(mantissa >> 32 << shift >> 32);
    if (++pending_ == (1u << 30)) carry();
  }
  void add(const ExactSum& other);
  /// The sum, rounded once to the nearest double.
  double value() const;

  /// f(part) for each part of the representation, to write or to read it.
  template <class F>
  void visit(F&& f) {
    visit_parts(*this, f);
  }
  template <class F>
  void visit(F&& f) const {
    visit_parts(*this, f);
  }

 private:
  template <class Sum, class F>
  static void visit_parts(Sum& sum, F&& f) {
    for (auto& digit : sum.digits_) f(digit);
    f(sum.pending_);
    f(sum.not_finite_);
  }

  // Digits of 32 bits in 64-bit words: the sum is sum_i digits_[i] 2^(32 i - 1152). The upper half of each word takes
  // carries, which are passed on before they can overflow.
  static constexpr int size = 70;
  static constexpr int lowest_exponent = -1152;
  KRAMERS_HOST_DEVICE void carry() {
    for (int i = 0; i + 1 < size; ++i) {
      const std::int64_t over = digits_[i] >> 32;  // floor, so digits become 0 .. 2^32 - 1; the sign moves to the top
      digits_[i] -= over * (std::int64_t(1) << 32);
      digits_[i + 1] += over;
    }
    pending_ = 0;
  }
  std::array<std::int64_t, size> digits_{};
  std::uint32_t pending_ = 0;
  double not_finite_ = 0;  // sum of the terms that are not
};

}  // namespace kramers::sde
