#pragma once

#include <array>
#include <optional>

#include "analysis/experiment/experiment.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// An interval of one coordinate outside which the Gibbs density is below exp(-20) of its largest value, ends rounded
/// outwards to two digits of its width; absent where the landscape does not know that marginal.
std::optional<std::array<double, 2>> default_range(const landscapes::Landscape& landscape, int axis,
                                                   double temperature);

/// Whether numbers of that precision tell the edges of so many bins apart.
bool tells_bins_apart(const std::array<double, 2>& range, int bins, Precision precision);

}  // namespace kramers::analysis
