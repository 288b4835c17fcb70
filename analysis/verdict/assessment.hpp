#pragma once

#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/results/table.hpp"
#include "analysis/verdict/estimates.hpp"
#include "analysis/verdict/passage_estimates.hpp"
#include "analysis/verdict/phases.hpp"
#include "analysis/verdict/step_bias.hpp"
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
  std::vector<std::vector<PassageEstimates>> passages;  // per event and origin
  Moments moments;
  std::vector<PhaseEstimates> phases;  // of the course; empty without one
  TemperatureVerdict temperature;      // measured; not under a schedule that changes it or the time step
  std::vector<Table> tables;           // what else was asked for
  std::optional<StepBias> step_bias;   // where it was
  Decision decision;                   // the worst of all; not enough data where nothing can be judged
};

/// What the judge needs to know of how the samples of a run came about.
SamplingFacts sampling_facts(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                             const sde::RunStatistics& statistics);

/// `comparisons`: how many densities and temperatures, over all runs of the sweep, are judged together.
Assessment assess(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                  const sde::RunStatistics& statistics, int comparisons);

}  // namespace kramers::analysis
