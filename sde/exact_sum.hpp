#pragma once

#include <array>
#include <cstdint>

namespace kramers::sde {

/// A sum of doubles without rounding, so that terms and partial sums may come in any order: a fixed-point number that
/// spans the whole range of double. An infinite or NaN term makes the sum what IEEE addition makes of it.
class ExactSum {
 public:
  void add(double term);
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
  void carry();
  std::array<std::int64_t, size> digits_{};
  std::uint32_t pending_ = 0;
  double not_finite_ = 0;  // sum of the terms that are not
};

}  // namespace kramers::sde
