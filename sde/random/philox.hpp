#pragma once

#include <array>
#include <cstdint>

#include "sde/numbers/number.hpp"

/// Philox4x32-10, a counter-based generator: a bijection of 128-bit counters for each 64-bit key, ten rounds of
///
///     (c0, c1, c2, c3) <- (high(M1 c2) ^ c1 ^ k0, low(M1 c2), high(M0 c0) ^ c3 ^ k1, low(M0 c0)),
///
/// the key growing by (W0, W1) after each. Salmon, Moraes, Dror & Shaw, SC'11, doi:10.1145/2063384.2063405.
namespace kramers::sde {

/// Where trajectory, call, run and purpose stand in the counter. Frozen: changing it changes every result.
///
///     word 0: call, low 32 bits      word 2: trajectory, low 32 bits
///     word 1: call, high 32 bits     word 3: trajectory, bits 32..39 | run << 8 | purpose << 24
///
/// The key is the seed, low word first.
inline constexpr int counter_layout_version = 1;

inline constexpr std::uint64_t philox_m0 = 0xD2511F53u, philox_m1 = 0xCD9E8D57u;
inline constexpr std::uint32_t philox_w0 = 0x9E3779B9u, philox_w1 = 0xBB67AE85u;
inline constexpr int philox_rounds = 10;

/// Four 32-bit words in the low halves of std::uint64_t or Pack<std::uint64_t>; the upper halves may hold anything.
template <class Word>
struct PhiloxWords {
  Word w[4];
};

struct PhiloxKey {
  std::uint32_t w[2];

  KRAMERS_HOST_DEVICE static constexpr PhiloxKey of_seed(std::uint64_t seed) {
    return {{std::uint32_t(seed), std::uint32_t(seed >> 32)}};
  }
  /// The key of a later round.
  KRAMERS_HOST_DEVICE constexpr PhiloxKey after(int rounds) const {
    return {{w[0] + std::uint32_t(rounds) * philox_w0, w[1] + std::uint32_t(rounds) * philox_w1}};
  }
};

template <class Word>
KRAMERS_HOST_DEVICE PhiloxWords<Word> philox_round(PhiloxWords<Word> c, Word key0, Word key1) {
  const Word p0 = multiply_low32(c.w[0], Word(philox_m0));
  const Word p1 = multiply_low32(c.w[2], Word(philox_m1));
  return {{high32(p1) ^ c.w[1] ^ key0, p1, high32(p0) ^ c.w[3] ^ key1, p0}};
}

template <class Word>
KRAMERS_HOST_DEVICE PhiloxWords<Word> philox(PhiloxWords<Word> c, PhiloxKey key) {
  for (int round = 0; round < philox_rounds; ++round) {
    const PhiloxKey k = key.after(round);
    c = philox_round(c, Word(std::uint64_t(k.w[0])), Word(std::uint64_t(k.w[1])));
  }
  return c;
}

/// One call on plain words.
KRAMERS_HOST_DEVICE inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, PhiloxKey key) {
  const auto c = philox(PhiloxWords<std::uint64_t>{{counter[0], counter[1], counter[2], counter[3]}}, key);
  return {std::uint32_t(c.w[0]), std::uint32_t(c.w[1]), std::uint32_t(c.w[2]), std::uint32_t(c.w[3])};
}

}  // namespace kramers::sde
