#pragma once

#include "landscapes/model/landscape.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::landscapes {

/// Hessian and center of a quadratic: what schemes for quadratics alone are told.
inline sde::QuadraticForm quadratic_form(const Landscape& landscape) {
  const Point center = landscape.minima().at(0).at;
  const Eigen::MatrixXd hessian = landscape.hessian(center);
  return {{hessian.data(), hessian.data() + hessian.size()}, {center.data(), center.data() + center.size()}};
}

}  // namespace kramers::landscapes
