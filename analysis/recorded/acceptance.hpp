#pragma once

#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// The probability with which the proposal of a step is accepted, over the samples of all trajectories, with its
/// jackknife error over the replicates.
/// Fields: `acceptance` and its error, numbers.
Table acceptance_table(const sde::Tally& tally);

/// Below this a step is too long: far from the maximum of what a step moves, which is at 0.57 in many dimensions and
/// flat (Roberts & Rosenthal, J. R. Stat. Soc. B 1998, 60, 255).
inline constexpr double low_acceptance = 0.2;

}  // namespace kramers::analysis
