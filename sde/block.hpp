#pragma once

#include <cstdint>

#include "sde/numbers/number.hpp"

namespace kramers::sde {

/// Trajectories that are computed together: enough to hide the latency of one step of each (64 are too few in single
/// precision). A block of d-dimensional points is d rows of this many lanes, one lane a trajectory: element
/// [row * block_lanes + lane]. Block b holds trajectories b * block_lanes and up. No result depends on it.
inline constexpr int block_lanes = 128;

/// Second derivatives of a loss.
template <Real R>
class BlockHessian {
 public:
  virtual ~BlockHessian() = default;
  /// hessian[(i * dim + j) * block_lanes + lane] = d2L/dtheta_i dtheta_j, exact.
  virtual void of(const R* theta, R* hessian) const = 0;
};

/// Which basin of attraction points are in.
template <Real R>
class BlockBasins {
 public:
  virtual ~BlockBasins() = default;
  /// minimum[lane] = index of the minimum, or -1.
  virtual void of(const R* theta, std::int32_t* minimum) const = 0;
};

/// A loss as the ensemble sees it: one virtual call for a whole block. Const and thread safe.
template <Real R>
class BlockLandscape {
 public:
  virtual ~BlockLandscape() = default;
  virtual int dim() const = 0;
  /// gradient[row * block_lanes + lane] = dL/dtheta_row, same shape as theta.
  virtual void gradient(const R* theta, R* gradient) const = 0;
  /// loss[lane] = L.
  virtual void value(const R* theta, R* loss) const = 0;
  /// What not every loss has; null: it has none.
  virtual const BlockHessian<R>* hessian() const { return nullptr; }
  virtual const BlockBasins<R>* basins() const { return nullptr; }
};

}  // namespace kramers::sde
