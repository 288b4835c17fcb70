#include "analysis/prediction/linear_step.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <vector>

#include "landscapes/catalogue.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

using sde::block_lanes;

/// Column j: where a step takes the j-th unit vector of (position, what is kept), times `amplitude`, divided by it.
Eigen::MatrixXd map_of_step(const sde::BlockScheme<double>& scheme, const sde::BlockLandscape<double>& parabola,
                            double amplitude) {
  const int size = 1 + scheme.extra_rows(1);
  std::vector<double> theta(block_lanes), kept(size * block_lanes), scratch((1 + scheme.scratch_rows()) * block_lanes),
      normals(scheme.facts().numbers_per_step(1) * block_lanes);
  theta[0] = amplitude;
  for (int j = 1; j < size; ++j) kept[(j - 1) * block_lanes + j] = amplitude;
  scheme.advance(parabola, 1, normals.data(), theta.data(), kept.data(), scratch.data());
  Eigen::MatrixXd map(size, size);
  for (int j = 0; j < size; ++j) {
    map(0, j) = theta[j] / amplitude;
    for (int i = 1; i < size; ++i) map(i, j) = kept[(i - 1) * block_lanes + j] / amplitude;
  }
  return map;
}

}  // namespace

double slowest_mode(double curvature, std::optional<double> friction) {
  if (!friction) return 1 / curvature;
  const double gamma = *friction, square = gamma * gamma - 4 * curvature;
  return square > 0 ? (gamma + std::sqrt(square)) / (2 * curvature) : 2 / gamma;
}

std::optional<double> slowest_mode_of_step(const std::string& name, const sde::SchemeParameters& parameters,
                                           double curvature) {
  const sde::SchemeFacts& facts = *sde::find_scheme(name);
  if (facts.metropolis) return std::nullopt;
  sde::SchemeParameters p = parameters;
  p.quadratic = {{curvature}, {0}};
  const auto scheme = sde::make_scheme<double>(name, p);
  const auto parabola = landscapes::find("quadratic").make({{"curvatures", std::vector<double>{curvature}}});
  constexpr double small = 1e-9;  // beside which h |g| is nothing to a tamed scheme
  const Eigen::MatrixXd map = map_of_step(*scheme, parabola->block_double(), small);
  if (!map.allFinite()) return std::numeric_limits<double>::infinity();
  if (!map.isApprox(map_of_step(*scheme, parabola->block_double(), 1), 1e-8)) return std::nullopt;
  const double largest = map.eigenvalues().cwiseAbs().maxCoeff();
  if (largest >= 1 + 1e-7) return std::numeric_limits<double>::infinity();
  if (largest > 1 - 1e-7) {
    std::optional<double> friction;
    if (facts.parameter == "friction") friction = p.friction;
    if (facts.parameter == "momentum") friction = (1 - p.momentum) / p.time_step;
    return slowest_mode(curvature, friction);
  }
  // A step that forgets everything takes no time worth the name: as if it kept one part in 2^52.
  return -p.time_step / std::log(std::max(largest, std::numeric_limits<double>::epsilon()));
}

}  // namespace kramers::analysis
