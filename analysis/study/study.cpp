#include "analysis/study/study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>

#include "analysis/experiment/reference_noise.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/experiment_file/events_section.hpp"
#include "analysis/prediction/list.hpp"
#include "analysis/study/basins.hpp"
#include "analysis/study/landmarks.hpp"
#include "analysis/verdict/step_bias_tables.hpp"
#include "landscapes/catalogue.hpp"
#include "landscapes/device/cuda.hpp"
#include "landscapes/device/emulated.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "landscapes/model/quadratic_form.hpp"
#include "sde/device/ensemble.hpp"
#include "sde/plan_fit.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {

namespace {

sde::EnsemblePlan plan_of(const StudiedRun& studied, const Engine& engine) {
  const Experiment& e = studied.run.experiment;
  sde::EnsemblePlan plan;
  plan.seed = e.seed;
  plan.run = std::uint16_t(studied.companion ? studied.companion->of : studied.index);
  plan.noise_per_step = studied.multiple();
  plan.trajectories = e.ensemble.trajectories;
  plan.burn_in = e.ensemble.burn_in;
  plan.steps = e.ensemble.steps;
  plan.sample_every = e.ensemble.sample_every;
  plan.start = *e.ensemble.start;
  plan.start_groups = start_groups(e, *studied.landscape);
  plan.densities = e.record.density;
  plan.origin = origin_of(*studied.landscape, plan.start);
  plan.minima = studied.landscape->basins() ? int(studied.landscape->minima().size()) : 0;
  plan.path_count = e.record.path_count;
  plan.path_every = e.record.path_every;
  plan.passages = e.record.events;
  if (!plan.passages.empty()) plan.step_variance = 2 * temperature(e) * time_step(e);
  plan.requests = e.record.requests;
  plan.guard_radius = e.ensemble.guard_radius;
  plan.threads = engine.threads;
  plan.course = course_of(e);
  // Another part of every run, so that who has a block less of one run has one more of another.
  const auto turned = [&](const sde::Part& part) { return (part.index + studied.index) % part.count; };
  plan.part = {turned(engine.shard) * engine.rank.count + turned(engine.rank), engine.shard.count * engine.rank.count};
  return plan;
}

/// Null: isotropic.
template <sde::Real R>
std::shared_ptr<const sde::BlockNoise<R>> noise_of(const StudiedRun& studied) {
  const auto& dynamics = studied.run.experiment.dynamics;
  const double sigma = dynamics.sigma.value_or(1);
  return landscapes::block_of<R>(*studied.noise,
                                 {.reference = sigma * sigma, .batch_size = dynamics.batch_size.value_or(1)});
}

template <sde::Real R>
std::optional<sde::RunStatistics> simulate_in(const StudiedRun& studied, const sde::BlockLandscape<R>& landscape,
                                              const Engine& engine, const sde::Monitor& monitor,
                                              const sde::Restart& restart) {
  const auto& [name, given] = studied.run.experiment.landscape;
  const landscapes::DeviceDynamics<R> dynamics{name, given, studied.run.experiment.dynamics.scheme,
                                               scheme_parameters(studied.run.experiment), noise_of<R>(studied)};
  const sde::EnsemblePlan plan = plan_of(studied, engine);
  switch (engine.processor) {
    case Processor::cpu:
      break;
    case Processor::cuda: {
      const landscapes::GpuShare share{engine.rank_on_machine, engine.ranks_on_machine};
      return sde::simulate<R>(landscapes::cuda_programs<R>(dynamics, share), plan, monitor, restart);
    }
    case Processor::emulated:
      return sde::simulate<R>(*landscapes::emulated_program<R>(dynamics), plan, monitor, restart);
  }
  return sde::simulate<R>(landscape, *scheme_of<R>(studied), plan, monitor, restart);
}

/// values and errors apart
std::pair<std::vector<double>, std::vector<double>> apart(const std::vector<Estimate>& estimates) {
  std::pair<std::vector<double>, std::vector<double>> both;
  for (const Estimate& estimate : estimates) {
    both.first.push_back(estimate.value);
    both.second.push_back(estimate.error);
  }
  return both;
}

DensityResult density_result(const StudiedRun& studied, std::size_t k) {
  const Assessment::Density& density = studied.assessment.densities[k];
  DensityResult result;
  std::tie(result.probability, result.probability_error) = apart(density.cells);
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
  RunResults::Phases r;
  const auto add = [](std::vector<double>& values, std::vector<double>& errors, const Estimate& estimate) {
    values.push_back(estimate.value);
    errors.push_back(estimate.error);
  };
  const auto& survey = studied.theory.derived.survey;
  for (std::size_t p = 0; p < studied.assessment.phases.size(); ++p) {
    const CourseSurvey::Phase& set = survey->phases[p];
    if (survey->learning_rate) r.learning_rate.push_back(set.learning_rate);
    if (survey->batch_size) r.batch_size.push_back(set.batch_size);
    r.temperature.push_back(set.temperature);
    const PhaseEstimates& phase = studied.assessment.phases[p];
    for (const Estimate& mean : phase.mean) add(r.mean, r.mean_error, mean);
    for (const Estimate& variance : phase.variance) add(r.variance, r.variance_error, variance);
    add(r.loss_mean, r.loss_mean_error, phase.loss_mean);
    add(r.loss_variance, r.loss_variance_error, phase.loss_variance);
    for (const Estimate& basin : phase.basins) add(r.occupancy, r.occupancy_error, basin);
  }
  return r;
}

EventResult event_result(const StudiedRun& studied, std::size_t k) {
  const sde::PassageEvent& event = studied.run.experiment.record.events[k];
  const std::vector<PassageEstimates>& origins = studied.assessment.passages[k];
  const PassagePrediction& theory = studied.theory.passages[k];
  EventResult result;
  for (int bin = 0; bin <= event.bins; ++bin)
    result.bin_start.push_back(double(bin) * double(event.steps_per_bin) * studied.theory.derived.time_step);
  const auto add = [](const Estimate& estimate, std::vector<double>& value, std::vector<double>& error) {
    value.push_back(estimate.value);
    error.push_back(estimate.error);
  };
  for (const PassageEstimates& p : origins) {
    for (const Estimate& survival : p.survival) add(survival, result.survival, result.survival_error);
    add(p.rate, result.rate, result.rate_error);
    result.rate_lower.push_back(p.rate_interval.lower);
    result.rate_upper.push_back(p.rate_interval.upper);
    add(p.mean_time, result.mean_time, result.mean_time_error);
    add(p.restricted_mean, result.restricted_mean, result.restricted_mean_error);
  }
  result.mean_prediction = theory.mean_time;
  result.mean_prediction_at_steps = theory.at_steps;
  result.mean_prediction.resize(origins.size(), not_known);
  result.mean_prediction_at_steps.resize(origins.size(), not_known);
  return result;
}

RunResults run_results(const StudiedRun& studied) {
  RunResults r;
  for (const auto& [name, value] : studied.run.swept) r.swept[name] = value;
  r.derived = as_numbers(studied.theory.derived);
  if (studied.theory.relaxation) r.derived["relaxation_time"] = studied.theory.relaxation->time;
  r.statistics = studied.statistics;
  const Assessment& a = studied.assessment;
  std::tie(r.mean, r.mean_error) = apart(a.moments.mean);
  std::tie(r.variance, r.variance_error) = apart(a.moments.variance);
  std::tie(r.covariance, r.covariance_error) = apart(a.moments.covariance);
  r.loss_mean = a.moments.loss_mean.value;
  r.loss_mean_error = a.moments.loss_mean.error;
  r.temperature_measured = a.temperature.measured.value;
  r.temperature_measured_error = a.temperature.measured.error;
  std::tie(r.occupancy, r.occupancy_error) = apart(a.basins);
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

template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const StudiedRun& studied, sde::SchemeParameters parameters) {
  const Experiment& e = studied.run.experiment;
  if (sde::find_scheme(e.dynamics.scheme)->quadratic_alone)
    parameters.quadratic = landscapes::quadratic_form(*studied.landscape);
  return sde::make_scheme<R>(e.dynamics.scheme, parameters, noise_of<R>(studied));
}
template <sde::Real R>
std::unique_ptr<sde::BlockScheme<R>> scheme_of(const StudiedRun& studied) {
  return scheme_of<R>(studied, scheme_parameters(studied.run.experiment));
}
template std::unique_ptr<sde::BlockScheme<float>> scheme_of<float>(const StudiedRun&);
template std::unique_ptr<sde::BlockScheme<double>> scheme_of<double>(const StudiedRun&);
template std::unique_ptr<sde::BlockScheme<double>> scheme_of<double>(const StudiedRun&, sde::SchemeParameters);

std::vector<StudiedRun> prepare(const ExperimentFile& file, const std::function<void(int, int)>& before_each) {
  std::vector<StudiedRun> runs;
  for (const Run& run : file.runs) {
    if (before_each) before_each(int(runs.size()), int(file.runs.size()));
    StudiedRun studied{.run = run, .index = int(runs.size())};
    studied.landscape = with_basins(
        run.experiment, landscapes::find(run.experiment.landscape.name).make(run.experiment.landscape.parameters));
    studied.noise = make_noise(run.experiment, studied.landscape);
    studied.theory = theory_of(run.experiment, *studied.landscape, studied.noise->structure());
    runs.push_back(std::move(studied));
  }
  return runs;
}

double bytes_needed(const std::vector<StudiedRun>& runs, const Engine& engine) {
  // A device holds no more trajectories at a time than it has memory for: a checkpoint copies so many, and a restart.
  double at_a_time = std::numeric_limits<double>::infinity();
  if (engine.processor == Processor::emulated) at_a_time = 2 * double(landscapes::emulated_memory);
  if (engine.processor == Processor::cuda) at_a_time = landscapes::survey_cuda().memory() / engine.ranks_on_machine;
  double trajectories = 0, records = 0;
  for (const StudiedRun& studied : runs) {
    const Experiment& e = studied.run.experiment;
    const int extra_rows = scheme_of<double>(studied)->extra_rows(studied.landscape->dim());
    const std::size_t number = e.ensemble.precision == Precision::single_precision ? sizeof(float) : sizeof(double);
    const sde::BytesNeeded run =
        sde::bytes_needed(plan_of(studied, engine), studied.landscape->dim(), extra_rows, number);
    trajectories = std::max(trajectories, std::min(run.trajectories, at_a_time));
    records += run.records + (e.checkpoint.keep ? run.final_state : 0);
  }
  return (trajectories + records) * engine.ranks_on_machine;
}

std::uint64_t trajectories_here(const StudiedRun& studied, const Engine& engine) {
  return plan_of(studied, engine).trajectories_here();
}

std::uint64_t trajectories_of_shard(const StudiedRun& studied, const Engine& engine) {
  Engine all = engine;
  all.rank = {};
  return trajectories_here(studied, all);
}

std::string device_obstacle(const std::vector<StudiedRun>& runs) {
  for (const StudiedRun& studied : runs) {
    const auto& dynamics = studied.run.experiment.dynamics;
    if (const int dim = studied.landscape->dim(); dim > sde::largest_device_dim)
      return fmt::format("the landscape has dimension {}; allowed on a GPU: up to {}", dim, sde::largest_device_dim);
    const auto& [noise, scheme] = std::tie(dynamics.noise.kind, dynamics.scheme);
    if (!landscapes::find_noise(noise).on_gpu)
      return fmt::format("the noise is {}; allowed on a GPU: {}", noise,
                         fmt::join(landscapes::device_noise_names(), ", "));
    const bool shaped = studied.noise->structure() != sde::NoiseStructure::isotropic;
    if (!sde::runs_on_device(scheme, shaped))
      return fmt::format("the scheme is {}; allowed on a GPU{}: {}", scheme, shaped ? " under noise " + noise : "",
                         fmt::join(sde::device_scheme_names(shaped), ", "));
    sde::EnsemblePlan plan = plan_of(studied, {});
    for (const int multiple : studied.run.experiment.compare.step_multiples) plan.noise_per_step = multiple;  // to come
    if (const std::string obstacle = sde::plan_obstacle(plan); !obstacle.empty()) return obstacle;
    if (const auto& basins = studied.landscape->basins(); basins && basins->raster)
      return "the basins are those by gradient flow; allowed on a GPU: those that the landscape states";
  }
  return "";
}

std::pair<std::uint64_t, std::uint64_t> trajectory_range(const StudiedRun& studied, const Engine& engine) {
  const sde::EnsemblePlan plan = plan_of(studied, engine);
  const std::uint64_t first = plan.first_block() * sde::block_lanes;
  return {first, first + plan.trajectories_here()};
}

GpuObstacles gpu_obstacles(const std::vector<StudiedRun>& runs, const Engine& engine) {
  const landscapes::CudaSurvey survey = landscapes::survey_cuda();
  if (survey.devices.empty()) return {survey.problem, "", survey.brief};
  GpuObstacles obstacles{device_obstacle(runs), "", ""};
  obstacles.brief = obstacles.impossible;
  const std::size_t gpus = engine.ranks_on_machine == 1 ? survey.devices.size() : 1;
  for (const StudiedRun& studied : runs)
    if (const std::uint64_t each = trajectories_here(studied, engine) / gpus; each < least_gpu_trajectories)
      obstacles.unwise = "with " + std::to_string(each) + " trajectories a GPU is not worth it; worth it from " +
                         std::to_string(least_gpu_trajectories);
  return obstacles;
}

std::string device_name(const Engine& engine) {
  if (engine.processor == Processor::cpu) return "cpu";
  if (engine.processor == Processor::emulated) return "emulated";
  std::set<std::string> names;
  for (const landscapes::CudaGpu& gpu : landscapes::survey_cuda().devices) names.insert(gpu.name);
  return fmt::format("cuda: {}", fmt::join(names, ", "));
}

bool simulate(StudiedRun& studied, const Engine& engine, const sde::Monitor& monitor, const sde::Restart& restart) {
  auto statistics = studied.run.experiment.ensemble.precision == Precision::single_precision
                        ? simulate_in<float>(studied, studied.landscape->block_single(), engine, monitor, restart)
                        : simulate_in<double>(studied, studied.landscape->block_double(), engine, monitor, restart);
  if (!statistics) return false;
  studied.statistics = std::move(*statistics);
  return true;
}

void check_continuable(const StudiedRun& studied, const Engine& engine, const sde::EnsembleState& state) {
  if (state.outline().empty()) return;
  const sde::EnsemblePlan plan = plan_of(studied, engine);
  const auto refuse = [](const std::string& what) {
    throw std::runtime_error("a state whose " + what + " cannot be those of its experiment");
  };
  std::uint64_t next = 0;
  for (const sde::Stretch& stretch : state.outline()) {
    if (stretch.first < next || stretch.first >= plan.trajectories ||
        stretch.count > plan.trajectories - stretch.first || stretch.step > plan.total_steps())
      refuse("trajectories");
    next = stretch.first + stretch.count;
  }
  const sde::RunStatistics statistics = state.statistics();
  if (const std::string what = sde::misfit(statistics, plan, studied.landscape->dim(), false); !what.empty())
    refuse(what);
  sde::lengthened(statistics, plan);
  state.visit(0, plan.trajectories, [](const sde::Piece&) {});  // what is damaged comes to light now, not in the run
}

void check_fits(const StudiedRun& studied, const sde::RunStatistics& statistics, const std::string& path) {
  const std::string what = sde::misfit(statistics, plan_of(studied, {}), studied.landscape->dim());
  if (!what.empty())
    throw std::runtime_error("cannot read " + path + ": its " + what + " cannot be those of its experiment");
}

sde::RunStatistics due(const StudiedRun& studied) {
  return sde::empty_statistics(plan_of(studied, {}), studied.landscape->dim());
}

std::optional<sde::Divergence> replay(const StudiedRun& studied, std::uint64_t trajectory, std::uint64_t last,
                                      const std::function<void(const sde::Moment&)>& show) {
  const sde::EnsemblePlan plan = plan_of(studied, {});
  const landscapes::Landscape& landscape = *studied.landscape;
  return studied.run.experiment.ensemble.precision == Precision::single_precision
             ? sde::replay<float>(landscape.block_single(), *scheme_of<float>(studied), plan, trajectory, last, show)
             : sde::replay<double>(landscape.block_double(), *scheme_of<double>(studied), plan, trajectory, last, show);
}

int comparisons_of(const std::vector<StudiedRun>& runs) {
  int all = 0;
  for (const StudiedRun& studied : runs)
    all += comparisons_of(studied.run.experiment, studied.theory, *studied.landscape);
  return all;
}

Decision judge(std::vector<StudiedRun>& runs) {
  const int comparisons = comparisons_of(runs);
  std::vector<Decision> decisions;
  for (StudiedRun& studied : runs) {
    studied.assessment =
        assess(studied.run.experiment, *studied.landscape, studied.theory, studied.statistics, comparisons);
    decisions.push_back(studied.assessment.decision);
  }
  return worst(decisions);
}

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
