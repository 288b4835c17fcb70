#pragma once

#include "landscapes/model/evaluate.hpp"
#include "landscapes/model/landscape.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::landscapes {

/// What a landscape states of itself; see Landscape for the meaning.
struct Facts {
  std::vector<Minimum> minima;  // sorted
  std::optional<Basins> basins;
  bool confining = true;
  bool superquadratic = false;
  /// Is L a sum over coordinates? Then L has part(axis, x), and `alike` names for each axis the first one of the same
  /// part; empty: all differ.
  bool separable = false;
  std::vector<int> alike;
  /// Per axis, ascending; see Marginal. No kinks: none on any axis.
  std::vector<std::vector<double>> kinks, landmarks;
};

/// A known value of a landscape, worked out independently of this code; what is empty is not known.
struct Answer {
  Parameters parameters;
  std::vector<double> theta;
  double loss;
  std::vector<double> gradient;
  std::vector<double> hessian;  // row after row
  double tolerance = 1e-12;     // relative to the largest number of its kind, at least 1
};

inline Point point(std::initializer_list<double> coordinates) {
  Point p(Eigen::Index(coordinates.size()));
  std::copy(coordinates.begin(), coordinates.end(), p.data());
  return p;
}

/// Basins of a landscape in d dimensions that meet in the hyperplane x_axis = position.
inline Basins two_basins(int d, int axis, double position) {
  Point direction = Point::Zero(d);
  direction[axis] = 1;
  return {{{direction, {position}}}, {0, 1}};
}

}  // namespace kramers::landscapes
