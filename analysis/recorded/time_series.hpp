#pragma once

#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// Mean and variance of each quantity, over trajectories and over the samples in a bin of time, with jackknife errors
/// over the replicates: fields over (step, quantity).
Table time_series_table(const sde::Tally& tally);

}  // namespace kramers::analysis
