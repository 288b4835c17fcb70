#pragma once

#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "analysis/prediction/theory.hpp"
#include "analysis/statistics/estimates.hpp"
#include "analysis/statistics/passage_estimates.hpp"
#include "analysis/statistics/phases.hpp"
#include "analysis/statistics/table.hpp"
#include "analysis/verdict/step_bias.hpp"
#include "analysis/verdict/verdict.hpp"
#include "landscapes/model/landscape.hpp"
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
  std::optional<Verdict> basin_verdict;
  std::vector<std::vector<PassageEstimates>> passages;  // per event and origin
  Moments moments;
  std::vector<PhaseEstimates> phases;  // of the course; empty without one
  struct Temperature {
    Estimate measured;               // NaN under a schedule that changes it or the time step
    std::optional<Verdict> verdict;  // absent: there is no one temperature to be compared with, or none is measured
    std::string why_not;             // judged
  } temperature;
  std::optional<Verdict> loss_verdict;  // of the mean
  std::optional<Verdict> correlation_verdict;
  std::vector<Table> tables;                 // what else was asked for
  std::optional<StepBias> step_bias;         // where it was
  std::optional<Stationarity> stationarity;  // absent under a schedule
  std::uint64_t transitions = 0;             // changes of basin between samples
  std::vector<std::string> warnings;         // of the run, beside those of its comparisons
  Decision decision = Decision::not_judged;

  /// Everything that is judged: densities, basins, temperature, mean loss, correlations.
  std::vector<const Verdict*> comparisons() const;
};

/// How the samples of a run come about.
SamplingFacts sampling_facts(const Experiment& experiment, const landscapes::Landscape& landscape,
                             const Theory& theory);

/// Of each start point; empty: every point is a group of its own, or none are points. More than eight are grouped by
/// basin, or are one group where basins are unknown.
std::vector<int> start_groups(const Experiment& experiment, const landscapes::Landscape& landscape);

/// A point amid the samples: the mean of the minima, or else of the start.
std::vector<double> origin_of(const landscapes::Landscape& landscape, const sde::Start& start);

/// How many comparisons a run has, when all of them can be made.
int comparisons_of(const Experiment& experiment, const Theory& theory, const landscapes::Landscape& landscape);

/// `comparisons`: of all runs of the sweep, judged together.
Assessment assess(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                  const sde::RunStatistics& statistics, int comparisons);

}  // namespace kramers::analysis
