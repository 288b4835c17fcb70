#pragma once

#include <Eigen/Core>
#include <optional>

#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// The correlations of coordinates under the Boltzmann-Gibbs law, d x d: none where L is a sum over coordinates, those
/// of T H^-1 where it is quadratic (its Hessian the same wherever it is tried), by quadrature in the plane; else not
/// known.
bool has_gibbs_correlations(const landscapes::Landscape& landscape);  // without the work
std::optional<Eigen::MatrixXd> gibbs_correlations(const landscapes::Landscape& landscape, double temperature);

}  // namespace kramers::analysis
