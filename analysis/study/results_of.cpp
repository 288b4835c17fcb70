#include "analysis/study/results_of.hpp"

#include <stdexcept>

#include "analysis/experiment_file/events_section.hpp"
#include "analysis/prediction/list.hpp"
#include "analysis/study/landmarks.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/verdict/step_bias_tables.hpp"

namespace kramers::analysis {
namespace {

DensityResult density_result(const StudiedRun& studied, std::size_t k) {
  const Assessment::Density& density = studied.assessment.densities[k];
  DensityResult result;
  result.probability = density.cells;
  if (studied.theory.prediction && studied.theory.prediction->densities[k])
    result.prediction = *studied.theory.prediction->densities[k];
  for (const Prediction& other : studied.theory.others)
    if (other.densities[k]) result.by[key_of(*find_law(other.name))] = *other.densities[k];
  if (studied.theory.integrator && studied.theory.integrator->densities[k])
    result.integrator_law = *studied.theory.integrator->densities[k];
  if (!density.verdict) return result;
  const Verdict& v = *density.verdict;
  result.total_variation = v.difference;
  result.lower = v.lower;
  result.upper = v.upper;
  result.tolerance = v.tolerance;
  result.verdict = v.decision;
  result.reason = v.reason;
  result.more = {{"error", v.error},
                 {"alpha", v.alpha},
                 {"alpha_disagrees", v.alpha_disagrees},
                 {"from_start", v.from_start},
                 {"bias_of_step", v.bias_of_step.value_or(not_known)}};
  return result;
}

RunResults::Phases phase_results(const StudiedRun& studied) {
  RunResults::Phases r{.sampled = studied.assessment.phases};
  const auto& survey = studied.theory.derived.survey;
  for (std::size_t p = 0; p < r.sampled.size(); ++p) {
    const CourseSurvey::Phase& set = survey->phases[p];
    if (survey->learning_rate) r.learning_rate.push_back(set.learning_rate);
    if (survey->batch_size) r.batch_size.push_back(set.batch_size);
    r.temperature.push_back(set.temperature);
  }
  return r;
}

EventResult event_result(const StudiedRun& studied, std::size_t k) {
  const sde::PassageEvent& event = studied.run.experiment.record.events[k];
  const PassagePrediction& theory = studied.theory.passages[k];
  EventResult result{.origins = studied.assessment.passages[k],
                     .mean_prediction = theory.mean_time,
                     .mean_prediction_at_steps = theory.at_steps};
  for (int bin = 0; bin <= event.bins; ++bin)
    result.bin_start.push_back(double(bin) * double(event.steps_per_bin) * studied.theory.derived.time_step);
  result.mean_prediction.resize(result.origins.size(), not_known);
  result.mean_prediction_at_steps.resize(result.origins.size(), not_known);
  return result;
}

RunResults run_results(const StudiedRun& studied) {
  RunResults r;
  for (const auto& [name, value] : studied.run.swept) r.swept[name] = value;
  r.derived = as_numbers(studied.theory.derived);
  if (studied.theory.relaxation) r.derived["relaxation_time"] = studied.theory.relaxation->time;
  r.statistics = studied.statistics;
  const Assessment& a = studied.assessment;
  r.moments = a.moments;
  r.temperature_measured = a.temperature.measured;
  r.occupancy = a.basins;
  if (studied.theory.prediction && studied.theory.prediction->basins)
    r.basin_prediction = *studied.theory.prediction->basins;
  for (const Prediction& other : studied.theory.others)
    if (other.basins && !r.occupancy.empty()) r.basins_by[key_of(*find_law(other.name))] = *other.basins;
  r.phases = phase_results(studied);
  for (std::size_t k = 0; k < a.densities.size(); ++k) r.densities.push_back(density_result(studied, k));
  for (std::size_t k = 0; k < a.passages.size(); ++k) r.events.push_back(event_result(studied, k));
  for (const Verdict* v : a.comparisons())
    r.comparisons.push_back({v->what, v->over, v->difference, v->error, v->lower, v->upper, v->tolerance, v->decision,
                             v->reason, v->warnings});
  r.verdict = a.decision;
  if (a.stationarity) {
    const Stationarity& s = *a.stationarity;
    if (s.source != Stationarity::Source::none) r.judged_relaxation_time = s.relaxation_time;
    r.stationarity = s.obstacle.empty() ? s.words() : s.obstacle;
  }
  r.landmarks = landmarks_of(studied);
  r.tables = a.tables;
  if (a.step_bias)
    for (Table& table : step_bias_tables(*a.step_bias)) r.tables.push_back(std::move(table));
  return r;
}

}  // namespace

Results collect(const ExperimentFile& file, const std::vector<StudiedRun>& runs) {
  const StudiedRun& first = runs.front();
  Results results;
  results.title = first.run.experiment.title;
  results.seed = first.run.experiment.seed;
  results.experiment_as_given = file.text_as_given;
  results.experiment_resolved = file.text_resolved;
  results.references = references_of(first);
  results.grids = first.run.experiment.record.density;
  for (const sde::PassageEvent& event : first.run.experiment.record.events)
    results.events.push_back({event.name, describe(event), event.bridge});
  if (first.statistics.basins.cells > 0)
    for (const landscapes::Minimum& minimum : first.landscape->minima())
      results.minima.emplace_back(minimum.at.data(), minimum.at.data() + minimum.at.size());
  for (const StudiedRun& studied : runs) results.runs.push_back(run_results(studied));
  return results;
}

Reread reread(const Results& results, const std::vector<std::string>& overrides) {
  const std::string cannot = "cannot read " + results.path + ": ";
  try {
    read_experiment(results.experiment_resolved, "its experiment");
  } catch (const ExperimentError& error) {
    throw std::runtime_error(cannot + error.problems.front());
  }
  Reread r;
  r.file = read_experiment(results.experiment_resolved, "experiment of " + results.path, overrides);
  if (r.file.runs.size() != results.runs.size())
    throw std::runtime_error(cannot + "it holds " + std::to_string(results.runs.size()) + " runs, its experiment has " +
                             std::to_string(r.file.runs.size()));
  if (r.file.runs.front().experiment.record.density != results.grids)
    throw std::runtime_error(cannot + "its densities are not those of its experiment");
  r.runs = prepare(r.file);
  for (std::size_t i = 0; i < r.runs.size(); ++i) {
    check_fits(r.runs[i], results.runs[i].statistics, results.path);
    r.runs[i].statistics = results.runs[i].statistics;
  }
  return r;
}

}  // namespace kramers::analysis
