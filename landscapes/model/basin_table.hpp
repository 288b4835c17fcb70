#pragma once

#include <cstdint>

#include "landscapes/model/landscape.hpp"
#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// Basins as flat numbers, for scalars, packs and devices alike: at most 6 cuts, each along at most two axes and with
/// at most 3 positions, and 64 slab combinations.
template <class Real>
struct BasinTable {
  struct FlatCut {
    int axis[2];
    Real direction[2];
    int positions;
    Real position[3];
  };
  int cuts = -1;  // -1: unknown
  FlatCut cut[6];
  std::int32_t minimum[64];
  int combinations = 0;

  BasinTable() = default;
  /// Throws std::length_error beyond the sizes above.
  explicit BasinTable(const Basins& basins);

  /// Is the index the minimum?
  bool in_order() const {
    for (int i = 0; i < combinations; ++i)
      if (minimum[i] != i) return false;
    return true;
  }

  /// Index into `minimum`, as a number of the type of x[i].
  template <class X>
  KRAMERS_HOST_DEVICE auto index(const X& x) const {
    using N = std::remove_cvref_t<decltype(x[0])>;
    N all = N(Real(0));
    for (int c = 0; c < cuts; ++c) {
      const FlatCut& flat = cut[c];
      const N along =
          fma(N(flat.direction[1]), at_index(x, flat.axis[1]), N(flat.direction[0]) * at_index(x, flat.axis[0]));
      N slab = N(Real(0));
      for (int p = 0; p < flat.positions; ++p)
        slab = slab + select(along < N(flat.position[p]), N(Real(0)), N(Real(1)));
      all = fma(all, N(Real(flat.positions + 1)), slab);
    }
    return all;
  }

  /// Which minimum's basin a point is in, -1 where unknown.
  template <class X>
  KRAMERS_HOST_DEVICE std::int32_t operator()(const X& x) const {
    return cuts < 0 ? -1 : minimum[int(index(x))];
  }
};

}  // namespace kramers::landscapes
