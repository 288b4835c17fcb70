#pragma once

#include <cstdint>

#include "sde/numbers/number.hpp"

namespace kramers::sde {

/// The samples of a trajectory come in three parts of time: of n samples, with 2^k <= n < 2^(k+1), the first part has
/// 2^(k-1), the second as many, and the third the rest. A longer run's parts are made of whole parts of a shorter one,
/// so that a run that goes on has the same parts as one that was as long from the beginning; and one bound of the two
/// lies between a third and two thirds of any run.
inline constexpr int time_parts = 3;

/// The largest power of two that is not above n; 0 for 0.
KRAMERS_HOST_DEVICE constexpr std::uint64_t power_of_two_below(std::uint64_t n) {
  for (int shift = 1; shift < 64; shift *= 2) n |= n >> shift;
  return n - (n >> 1);
}
KRAMERS_HOST_DEVICE constexpr bool is_power_of_two(std::uint64_t n) { return n != 0 && (n & (n - 1)) == 0; }

/// The last sample of a part, counted from 1, in a run of n samples.
KRAMERS_HOST_DEVICE constexpr std::uint64_t last_of_part(int part, std::uint64_t n) {
  return part == 0 ? power_of_two_below(n) / 2 : part == 1 ? power_of_two_below(n) : n;
}
KRAMERS_HOST_DEVICE constexpr std::uint64_t samples_of_part(int part, std::uint64_t n) {
  return last_of_part(part, n) - (part == 0 ? 0 : last_of_part(part - 1, n));
}
/// The part of a sample, counted from 1.
KRAMERS_HOST_DEVICE constexpr int part_of_sample(std::uint64_t sample, std::uint64_t n) {
  return sample <= last_of_part(0, n) ? 0 : sample <= last_of_part(1, n) ? 1 : 2;
}
/// The part of a run of `longer` samples that a part of its first n samples falls into.
KRAMERS_HOST_DEVICE constexpr int part_in_longer(int part, std::uint64_t n, std::uint64_t longer) {
  const std::uint64_t before = power_of_two_below(n), now = power_of_two_below(longer);
  if (before == now) return part;
  return now == 2 * before && part == 2 ? 1 : 0;
}

/// Sums over the parts so far, after one more sample went into the third and made n.
KRAMERS_HOST_DEVICE inline void shift_parts(std::uint64_t n, double& first, double& second, double& third) {
  if (!is_power_of_two(n)) return;
  first += second;
  second = third;
  third = 0;
}

}  // namespace kramers::sde
