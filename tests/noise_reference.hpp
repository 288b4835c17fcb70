#pragma once

#include "sde/random/box_muller.hpp"
#include "sde/random/random_engine.hpp"

/// One normal by the rule alone: no blocks, no packs, no rounds taken out of the loop.
namespace kramers::sde {

template <Real R>
R normal_by_rule(const Stream& stream, std::uint64_t trajectory, std::uint64_t number) {
  constexpr int per_call = sizeof(R) == 8 ? 2 : 4;
  const auto w = philox(counter_of(stream, trajectory, number / per_call), PhiloxKey::of_seed(stream.seed));
  const auto slot = number % per_call;
  NormalPair<R> z;
  if constexpr (sizeof(R) == 8)
    z = box_muller<double>(std::uint64_t(w[0]) << 32 | w[1], std::uint64_t(w[2]) << 32 | w[3]);
  else
    z = slot < 2 ? box_muller<float>(w[0], w[2]) : box_muller<float>(w[1], w[3]);
  return slot % 2 == 0 ? z.cosine : z.sine;
}

}  // namespace kramers::sde
