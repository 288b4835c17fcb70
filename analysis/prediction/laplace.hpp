#pragma once

#include <optional>
#include <vector>

#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// ln sqrt(det H) at each minimum, in the order of Landscape::minima(): the smaller, the wider. Absent where a Hessian
/// is not positive definite.
std::optional<std::vector<double>> log_root_determinants(const landscapes::Landscape& landscape);

/// The paper's weights of basins, every basin taken as its minimum's parabola:
///
///     p_A ~ exp(-L_A / T) (2 pi T)^(d/2) / sqrt(det H_A)
///
/// with the temperature T = eta sigma^2 / (2 S) in the exponent. (The ICLR 2018 text defines n = sigma^2 eta / (2 S) in
/// Theorem 1 but n_A = sigma^2 eta / S in Theorem 2: a slip by the factor 2. Theorem 2 holds with T.) In the order of
/// Landscape::minima(), adding up to 1; absent where there are no minima or a Hessian is singular.
/// Jastrzebski et al., arXiv:1711.04623, Theorem 2.
std::optional<std::vector<double>> laplace_basin_weights(const landscapes::Landscape& landscape, double temperature);

/// Where two basins weigh the same: the wide, higher minimum wins above this temperature, the sharp, deeper one below.
/// Laplace: T = (L_A - L_B) / ln sqrt(det H_B / det H_A); absent where that is not positive (the deeper minimum is the
/// wider one) or there are not exactly two minima.
std::optional<double> laplace_crossover(const landscapes::Landscape& landscape);

/// The same with exact basin weights, relative error 1e-12, the lowest such temperature between a hundredth and ten
/// times the height of the saddle over the lowest minimum; absent where none lies there or where basins or saddle are
/// unknown.
std::optional<double> exact_crossover(const landscapes::Landscape& landscape);

}  // namespace kramers::analysis
