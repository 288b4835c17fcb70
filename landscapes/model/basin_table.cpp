#include "landscapes/model/basin_table.hpp"

#include <stdexcept>

namespace kramers::landscapes {

template <class Real>
BasinTable<Real>::BasinTable(const Basins& basins)
    : cuts(int(basins.cuts.size())), cut{}, minimum{}, combinations(int(basins.minimum.size())) {
  if (basins.cuts.size() > 6 || basins.minimum.size() > 64) throw std::length_error("more than 6 cuts or 64 basins");
  for (int c = 0; c < cuts; ++c) {
    const Cut& from = basins.cuts[c];
    int axes = 0;
    for (int axis = 0; axis < from.direction.size(); ++axis) {
      if (from.direction[axis] == 0) continue;
      if (axes == 2) throw std::length_error("a cut along more than 2 axes");
      cut[c].axis[axes] = axis;
      cut[c].direction[axes++] = Real(from.direction[axis]);
    }
    // The coefficient of an axis that is not there is 0: the axis itself again, always within reach.
    if (axes == 1) cut[c].axis[1] = cut[c].axis[0];
    if (from.positions.size() > 3) throw std::length_error("a cut with more than 3 positions");
    for (double position : from.positions) cut[c].position[cut[c].positions++] = Real(position);
  }
  for (std::size_t i = 0; i < basins.minimum.size(); ++i) minimum[i] = basins.minimum[i];
}

template struct BasinTable<float>;
template struct BasinTable<double>;

}  // namespace kramers::landscapes
