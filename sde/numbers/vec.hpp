#pragma once

#include "sde/numbers/number.hpp"

namespace kramers::sde {

/// N numbers of type T: a point or a gradient of fixed dimension, in registers.
template <class T, int N>
struct Vec {
  T at[N];
  KRAMERS_HOST_DEVICE T& operator[](int i) { return at[i]; }
  KRAMERS_HOST_DEVICE const T& operator[](int i) const { return at[i]; }
};

}  // namespace kramers::sde
