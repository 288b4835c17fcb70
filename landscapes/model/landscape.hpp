#pragma once

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sde/block.hpp"

namespace kramers::landscapes {

using Point = Eigen::VectorXd;
struct BasinRaster;

struct Minimum {
  Point at;
  double loss;
  std::optional<double> way_out = {};  // loss of the lowest saddle that leads to another minimum, where known
};

/// Basins that are bounded by parallel planes: the slab number of a point along `direction` is the number of
/// `positions` (ascending) that direction . theta reaches or exceeds (x >= position).
struct Cut {
  Point direction;
  std::vector<double> positions;
};

/// Which basin of attraction a point is in, as far as planes can tell: its slab numbers along all cuts, the first cut
/// slowest, index into `minimum` (indices into Landscape::minima()). Where there is a raster, as far as its cells can
/// tell.
struct Basins {
  std::vector<Cut> cuts;
  std::vector<int> minimum;
  std::shared_ptr<const BasinRaster> raster = nullptr;
};

/// -ln of an unnormalised marginal density, as a function of one or two coordinates, exact, no constant left out (the
/// integral of exp(-F) is the partition function):
///
///     F(x_axes) = -ln integral exp(-L / T) d(other coordinates)
struct Marginal {
  std::vector<int> axes;
  std::function<double(const double*)> minus_log_density;
  /// Per axis: where derivatives of any order jump (quadrature panels end there), and points of interest (minima,
  /// saddles) near which mass may concentrate. Both ascending.
  std::vector<std::vector<double>> kinks;
  std::vector<std::vector<double>> landmarks;
  /// Set where one axis has a normal law, about its landmark.
  std::optional<double> variance = {};
};

/// A loss L(theta) with everything that theory wants to know of it. Const and thread safe.
class Landscape {
 public:
  virtual ~Landscape() = default;

  virtual int dim() const = 0;
  virtual double value(const Point& theta) const = 0;
  virtual Point gradient(const Point& theta) const = 0;
  /// Exact (dual numbers).
  virtual Eigen::MatrixXd hessian(const Point& theta) const = 0;
  /// Its diagonal, where nothing is beside it and the matrix can be done without; absent where that is not known.
  virtual std::optional<Point> diagonal_hessian([[maybe_unused]] const Point& theta) const { return {}; }
  /// Its eigenvalues, ascending.
  Point curvatures(const Point& theta) const;

  virtual const sde::BlockLandscape<double>& block_double() const = 0;
  virtual const sde::BlockLandscape<float>& block_single() const = 0;

  /// Local minima, sorted by first coordinate, then second, ...; empty where not known (more than 64).
  virtual const std::vector<Minimum>& minima() const = 0;
  /// Absent where basins are unknown; one minimum needs no cuts.
  virtual const std::optional<Basins>& basins() const = 0;
  /// Is the integral of exp(-L / T) finite for every T > 0?
  virtual bool confining() const = 0;
  /// Is L = sum_i part(i, theta_i)?
  virtual bool separable() const { return dim() == 1; }
  virtual double part([[maybe_unused]] int axis, double x) const { return value(Point::Constant(1, x)); }
  /// The first axis along which the part is the same function as along this one.
  virtual int alike(int axis) const { return axis; }
  /// Does L grow faster than quadratically, so that explicit schemes have no invariant law (guard radius needed)?
  virtual bool superquadratic() const = 0;
  /// The exact marginal over one or two axes; absent where no closed form is known. Given for all axes when d <= 2.
  virtual std::optional<Marginal> marginal(const std::vector<int>& axes, double temperature) const = 0;
};

template <sde::Real R>
const sde::BlockLandscape<R>& block_of(const Landscape& landscape) {
  if constexpr (sizeof(R) == 8)
    return landscape.block_double();
  else
    return landscape.block_single();
}

}  // namespace kramers::landscapes
