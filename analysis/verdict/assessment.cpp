#include "analysis/verdict/assessment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/prediction/gibbs.hpp"
#include "analysis/recorded/acceptance.hpp"
#include "analysis/recorded/list.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

/// Predicted weight of the basin that each start point lies in, shared out among the start points of one basin; empty
/// where basins or their weights are unknown.
std::vector<double> start_weights(const Experiment& experiment, const landscapes::Landscape& landscape,
                                  const Theory& theory) {
  if (!landscape.basins() || !theory.gibbs || !theory.gibbs->basins || !experiment.ensemble.start) return {};
  std::vector<int> basins;
  for (const std::vector<double>& point : experiment.ensemble.start->at)
    basins.push_back(basin_of(*landscape.basins(), Eigen::Map<const Eigen::VectorXd>(point.data(), point.size())));
  std::vector<double> weights;
  for (int basin : basins) {
    if (basin < 0) return {};
    weights.push_back((*theory.gibbs->basins)[basin] / double(std::count(basins.begin(), basins.end(), basin)));
  }
  return weights;
}

JudgeSettings settings(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                       const sde::RunStatistics& statistics, int density, int comparisons) {
  JudgeSettings s;
  s.tolerance = experiment.compare.tolerance;
  s.alpha = experiment.compare.alpha;
  s.comparisons = comparisons;
  s.sampling = sampling_facts(experiment, landscape, theory, statistics);
  if (theory.integrator && theory.integrator->densities[density])
    s.integrator_law = *theory.integrator->densities[density];
  if (theory.derived.lambda_max) {
    const sde::DensityGrid& grid = experiment.record.density[density];
    double widest = 0;
    for (std::size_t axis = 0; axis < grid.axes.size(); ++axis)
      widest = std::max(widest, (grid.range[axis][1] - grid.range[axis][0]) / grid.bins[axis]);
    s.bins = BinFacts{theory.derived.effective_temperature, *theory.derived.lambda_max, widest};
  }
  return s;
}

/// Why a temperature that is off proves nothing; empty: it does.
std::string doubt(const Experiment& experiment, const Assessment& assessment) {
  for (const Assessment::Density& density : assessment.densities)
    if (density.verdict && !density.verdict->stationary) return "the run is not known to be stationary";
  for (const Table& table : assessment.tables)
    if (table.name == "acceptance" && table.field("acceptance")->values[0] < low_acceptance)
      return fmt::format("fewer than {:g} of the proposals are accepted", low_acceptance);
  const std::string& scheme = experiment.dynamics.scheme;
  if (!sde::find_scheme(scheme)->exact_temperature)
    return fmt::format("the estimate by {} is itself off by O(h^2)", scheme);
  return "";
}

}  // namespace

SamplingFacts sampling_facts(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                             const sde::RunStatistics& statistics) {
  SamplingFacts facts{.trajectories = statistics.trajectories,
                      .diverged = statistics.diverged,
                      .groups_are_starts = statistics.groups_are_starts,
                      .sampled_time = theory.derived.sampled_time,
                      .burn_in_time = theory.derived.burn_in_time};
  if (facts.groups_are_starts) facts.basin_weights = start_weights(experiment, landscape, theory);
  if (theory.relaxation) facts.relaxation_time = 1 / theory.relaxation->rate;
  return facts;
}

Assessment assess(const Experiment& experiment, const landscapes::Landscape& landscape, const Theory& theory,
                  const sde::RunStatistics& statistics, int comparisons) {
  Assessment assessment;
  std::vector<Decision> decisions;
  for (std::size_t k = 0; k < statistics.densities.size(); ++k) {
    Assessment::Density density;
    density.cells = cell_probabilities(statistics.densities[k], statistics.expected);
    if (theory.gibbs && theory.gibbs->densities[k]) {
      density.verdict = judge(statistics.densities[k], statistics.expected, *theory.gibbs->densities[k],
                              settings(experiment, landscape, theory, statistics, int(k), comparisons));
      decisions.push_back(density.verdict->decision);
    }
    assessment.densities.push_back(std::move(density));
  }
  if (statistics.basins.cells > 0) {
    assessment.basins = cell_probabilities(statistics.basins, statistics.expected);
    assessment.basins.pop_back();  // "no basin"
  }
  for (const sde::PassageCounts& counts : statistics.passages)
    assessment.passages.push_back(passage_estimates(counts, theory.derived.time_step));
  assessment.moments = moments(statistics);
  assessment.phases = phase_estimates(statistics);
  assessment.tables = recorded_tables(experiment, statistics);
  const sde::NoiseStructure noise = theory.derived.noise;
  if (!theory.derived.is_steady()) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    assessment.temperature = {Decision::not_enough_data,
                              "not measured under a schedule: what shows it are identities of a stationary law",
                              {unknown, unknown}};
  } else if (depends_on_theta(noise) || noise == sde::NoiseStructure::heavy_tailed) {
    assessment.temperature = {Decision::not_enough_data, "this noise has no one temperature to be compared with",
                              measured_temperature(statistics)};
  } else {
    assessment.temperature = judge_temperature(statistics, {.temperature = theory.derived.effective_temperature,
                                                            .alpha = experiment.compare.alpha,
                                                            .comparisons = comparisons});
    if (const std::string but = doubt(experiment, assessment);
        assessment.temperature.decision == Decision::disagrees && !but.empty()) {
      assessment.temperature.decision = Decision::not_enough_data;
      assessment.temperature.reason += ", but " + but;
    }
    decisions.push_back(assessment.temperature.decision);
  }
  assessment.step_bias = step_bias(experiment, theory, statistics);
  assessment.decision = decisions.empty() ? Decision::not_enough_data : worst(decisions);
  return assessment;
}

}  // namespace kramers::analysis
