#pragma once

#include <array>

#include "sde/numbers/pack.hpp"
#include "sde/random/noise.hpp"
#include "sde/random/philox.hpp"

/// The generator over a block of trajectories, and rows of numbers made of its words: what the kinds of noise share.
namespace kramers::sde {

using Words = Pack<std::uint64_t>;

constexpr int packs = block_lanes / Words::lanes;

/// Trajectory, relative to the block's first, whose counter is in this lane of this pack. Doubles are made where their
/// words are; for single precision, whose registers have twice the lanes, neighbours sit in a pair of packs.
template <Real R>
int lane_of(int pack, int lane) {
  if (sizeof(R) == 8) return pack * Words::lanes + lane;
  return (pack & ~1) * Words::lanes + 2 * lane + (pack & 1);
}

/// Within a block only word 2 of the counter differs between lanes, and only word 0 between calls (word 1 is the upper
/// half of the call number). So in each of the first two rounds one product is common to all calls and the other to all
/// lanes. This is what is common to all calls.
struct BlockConstants {
  std::uint32_t word1, word3;
  PhiloxKey key;
  Words round_key[philox_rounds][2];
  Words low1[packs];        // low(M1 c2), round 1
  Words high2[packs];       // high(M0 .), round 2
  Words low2_keyed[packs];  // low(M0 .), round 2, with the key of round 3
};

template <Real R>
void set(BlockConstants& b, const Stream& stream, std::uint64_t first_trajectory, std::uint32_t call_high) {
  b.word1 = call_high;
  b.word3 = counter_of(stream, first_trajectory, 0)[3];
  b.key = PhiloxKey::of_seed(stream.seed);
  for (int round = 0; round < philox_rounds; ++round) {
    const PhiloxKey k = b.key.after(round);
    for (int i : {0, 1}) b.round_key[round][i] = Words(std::uint64_t(k.w[i]));
  }
  for (int p = 0; p < packs; ++p) {
    std::uint64_t word2[Words::lanes];
    for (int j = 0; j < Words::lanes; ++j) word2[j] = std::uint32_t(first_trajectory) + std::uint32_t(lane_of<R>(p, j));
    const Words p1 = multiply_low32(Words::load(word2), Words(philox_m1));
    const Words p0 = multiply_low32(high32(p1) ^ Words(std::uint64_t(call_high)) ^ b.round_key[0][0], Words(philox_m0));
    b.low1[p] = p1;
    b.high2[p] = high32(p0);
    b.low2_keyed[p] = p0 ^ b.round_key[2][1];
  }
}

/// What is common to all lanes of one call, from the first two rounds.
struct CallConstants {
  Words zero;       // high(M1 .) ^ key, round 2
  Words two;        // low(M0 c0), round 1, with the key of round 2
  Words one_keyed;  // low(M1 .), round 2, with the key of round 3
};
inline CallConstants call_constants(const BlockConstants& b, std::uint32_t call_low) {
  const std::uint64_t p0 = philox_m0 * call_low;
  const PhiloxKey k0 = b.key, k1 = b.key.after(1), k2 = b.key.after(2);
  const std::uint64_t p1 = philox_m1 * std::uint32_t((p0 >> 32) ^ b.word3 ^ k0.w[1]);
  return {Words((p1 >> 32) ^ k1.w[0]), Words(std::uint64_t(std::uint32_t(p0) ^ k1.w[1])),
          Words(std::uint64_t(std::uint32_t(p1) ^ k2.w[0]))};
}

/// Rounds 3 to 9 of `count` packs side by side; the last round is left to who joins the words.
template <int count>
inline void rounds_to_9(const BlockConstants& b, const CallConstants& call, int first_pack, PhiloxWords<Words>* c) {
  for (int i = 0; i < count; ++i) {
    const int p = first_pack + i;
    const Words p0 = multiply_low32(call.zero ^ b.low1[p], Words(philox_m0));
    const Words p1 = multiply_low32(b.high2[p] ^ call.two, Words(philox_m1));
    c[i] = {{high32(p1) ^ call.one_keyed, p1, high32(p0) ^ b.low2_keyed[p], p0}};
  }
#pragma GCC unroll 8
  for (int round = 3; round < philox_rounds - 1; ++round)
    for (int i = 0; i < count; ++i) c[i] = philox_round(c[i], b.round_key[round][0], b.round_key[round][1]);
}

/// The last round, words joined to 64 bits: w0 << 32 | w1 and w2 << 32 | w3.
inline std::array<Words, 2> last_round_64(const BlockConstants& b, const PhiloxWords<Words>& c) {
  const Words p0 = multiply_low32(c.w[0], Words(philox_m0));
  const Words p1 = multiply_low32(c.w[2], Words(philox_m1));
  const auto& key = b.round_key[philox_rounds - 1];
  return {p1 ^ ((c.w[1] ^ key[0]) << 32), p0 ^ ((c.w[3] ^ key[1]) << 32)};
}

/// The last round of two packs, their 32-bit words joined lane by lane.
inline std::array<Pack<std::uint32_t>, 4> last_round_32(const BlockConstants& b, const PhiloxWords<Words>& even,
                                                        const PhiloxWords<Words>& odd) {
  const Words even0 = multiply_low32(even.w[0], Words(philox_m0)), odd0 = multiply_low32(odd.w[0], Words(philox_m0));
  const Words even1 = multiply_low32(even.w[2], Words(philox_m1)), odd1 = multiply_low32(odd.w[2], Words(philox_m1));
  const PhiloxKey k = b.key.after(philox_rounds - 1);
  return {join_high(even1, odd1) ^ join_low(even.w[1], odd.w[1]) ^ Pack<std::uint32_t>(k.w[0]), join_low(even1, odd1),
          join_high(even0, odd0) ^ join_low(even.w[3], odd.w[3]) ^ Pack<std::uint32_t>(k.w[1]), join_low(even0, odd0)};
}

/// One call for all lanes. Maker: per_call<R> numbers of a call, and make<R>(words, keep), which hands them to
/// keep(i, number i); words: in double precision two of 64 bits, in single precision four of 32 bits.
template <Real R, class Maker>
inline void one_call(const BlockConstants& b, std::uint32_t call_low, const Maker& maker, R* const* rows) {
  constexpr int in_flight = 4;  // 2 leave the multipliers waiting, 8 spill registers
  const CallConstants call = call_constants(b, call_low);
  for (int p = 0; p < packs; p += in_flight) {
    PhiloxWords<Words> c[in_flight];
    rounds_to_9<in_flight>(b, call, p, c);
    const auto keep_at = [&](int i) {
      return [rows, lane = (p + i) * Words::lanes](int row, Pack<R> number) { number.store(rows[row] + lane); };
    };
    if constexpr (sizeof(R) == 8)
      for (int i = 0; i < in_flight; ++i) maker.template make<R>(last_round_64(b, c[i]), keep_at(i));
    else
      for (int i = 0; i < in_flight; i += 2) maker.template make<R>(last_round_32(b, c[i], c[i + 1]), keep_at(i));
  }
}

/// As sde::normals, with what `maker` makes of the words.
template <Real R, class Maker>
void make_numbers(const Maker& maker, const Stream& stream, std::uint64_t first_trajectory, std::uint64_t first_number,
                  int count, R* out) {
  constexpr int per_call = Maker::template per_call<R>;
  R unwanted[block_lanes];  // takes the numbers of the first and last call that are outside the range
  std::int64_t row = -std::int64_t(first_number % per_call);
  BlockConstants block;
  std::uint64_t call = first_number / per_call;
  for (bool fresh = true; row < count; ++call, row += per_call) {
    if (fresh || std::uint32_t(call) == 0) set<R>(block, stream, first_trajectory, std::uint32_t(call >> 32));
    fresh = false;
    R* rows[per_call];
    for (int i = 0; i < per_call; ++i)
      rows[i] = row + i >= 0 && row + i < count ? out + (row + i) * block_lanes : unwanted;
    one_call(block, std::uint32_t(call), maker, rows);
  }
}

}  // namespace kramers::sde
