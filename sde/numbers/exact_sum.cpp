#include "sde/numbers/exact_sum.hpp"

#include <cmath>
#include <limits>

namespace kramers::sde {

void ExactSum::add(const ExactSum& other) {
  ExactSum normal = other;
  normal.carry();
  carry();
  for (int i = 0; i < size; ++i) digits_[i] += normal.digits_[i];
  pending_ = 1;
  not_finite_ += other.not_finite_;
}

double ExactSum::value() const {
  if (std::isnan(not_finite_)) return std::numeric_limits<double>::quiet_NaN();
  if (not_finite_ != 0) return not_finite_;
  ExactSum sum = *this;
  sum.carry();
  const bool negative = sum.digits_[size - 1] < 0;
  if (negative) {
    for (auto& digit : sum.digits_) digit = -digit;
    sum.carry();
  }
  int top = size - 1;
  while (top > 0 && sum.digits_[top] == 0) --top;
  // The leading digits as one integer, the rest as a sticky bit, so that the conversion below rounds correctly.
  unsigned __int128 leading = 0;
  int lowest = top;
  for (int k = 0; k < 3 && top - k >= 0; ++k) {
    lowest = top - k;
    leading = leading << 32 | std::uint64_t(sum.digits_[lowest]);
  }
  bool sticky = false;
  for (int i = 0; i < lowest; ++i) sticky = sticky || sum.digits_[i] != 0;
  leading = leading << 1 | (sticky ? 1 : 0);
  const double magnitude = std::ldexp(double(leading), 32 * lowest + lowest_exponent - 1);
  return negative ? -magnitude : magnitude;
}

}  // namespace kramers::sde
