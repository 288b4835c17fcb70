#pragma once

#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/verdict/estimates.hpp"
#include "analysis/verdict/temperature.hpp"
#include "analysis/verdict/verdict.hpp"
#include "landscapes/landscape.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// One run, held against theory.
struct Assessment {
  struct Density {
    std::vector<Estimate> cells;     // probability of each cell over all samples
    std::optional<Verdict> verdict;  // where there is a prediction
  };
  std::vector<Density> densities;
  std::vector<Estimate> basins;  // share of all samples, per minimum; empty where basins are unknown
  Moments moments;
  TemperatureVerdict temperature;  // measured
  Decision decision;               // the worst of all
};

/// Predicted weight of the basin that each start point lies in, shared out among the start points of one basin; empty
/// where basins or their weights are unknown.
std::vector<double> start_weights(const Experiment& experiment, const landscapes::Landscape& landscape,
                                  const Theory& theory);

/// `comparisons`: how many densities, over all runs of the sweep, are judged together.
Assessment assess(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                  const sde::RunStatistics& statistics, int comparisons);

}  // namespace kramers::analysis
