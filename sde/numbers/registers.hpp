#pragma once

#include <type_traits>
#include <utility>

#include "sde/numbers/number.hpp"

/// Ways into an array that leave it in the registers of a GPU.
namespace kramers::sde {

/// Arrays up to this size are indexed by constants alone, or else a GPU could not keep them in registers.
inline constexpr int largest_in_registers = 8;

/// f(i) for 0 <= i < count, count <= the size of X where X is an array.
template <class X, class F>
KRAMERS_HOST_DEVICE void for_each_index(int count, F f) {
  constexpr int size = int(std::extent_v<std::remove_cvref_t<X>>);
  if constexpr (size > 0 && size <= largest_in_registers) {
    [&]<int... i>(std::integer_sequence<int, i...>) { ((i < count ? f(i) : void()), ...); }
    (std::make_integer_sequence<int, size>());
  } else {
    for (int i = 0; i < count; ++i) f(i);
  }
}

/// x[i] for an i that is not known when compiled.
template <class X>
KRAMERS_HOST_DEVICE auto at_index(const X& x, int i) {
  constexpr int size = int(std::extent_v<X>);
  if constexpr (size > 0 && size <= largest_in_registers) {
    std::remove_cvref_t<decltype(x[0])> found = x[0];
    for_each_index<X>(size, [&](int k) {
      if (k == i) found = x[k];
    });
    return found;
  } else {
    return std::remove_cvref_t<decltype(x[0])>(x[i]);
  }
}

}  // namespace kramers::sde
