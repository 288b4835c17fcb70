#include "analysis/study/pilots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/experiment_file/until_section.hpp"
#include "analysis/statistics/estimates.hpp"
#include "analysis/study/forecast.hpp"
#include "analysis/study/processors.hpp"

namespace kramers::analysis {
namespace {

constexpr double pilot_relaxations = 20;
constexpr double least_share = 0.25;             // of the pilot's steps
constexpr std::uint64_t pilot_trajectories = 8;  // a replicate, or more
constexpr std::uint64_t pilot_seeds = std::uint64_t(1) << 63;

double rounded_up(double steps, std::uint64_t every) { return std::ceil(steps / double(every)) * double(every); }

/// As many as most_steps allows, or infinity.
double pilot_steps(const StudiedRun& studied) {
  const auto& ensemble = studied.run.experiment.ensemble;
  const Theory& theory = studied.theory;
  const double steps = ensemble.until->pilot_steps
                           ? double(*ensemble.until->pilot_steps)
                           : pilot_relaxations * theory.relaxation->time / theory.derived.time_step;
  return rounded_up(steps, ensemble.sample_every);
}

double worst(const std::vector<double>& errors) { return *std::max_element(errors.begin(), errors.end()); }

}  // namespace

std::string pilot_obstacle(const StudiedRun& studied) {
  const Experiment& e = studied.run.experiment;
  if (!e.ensemble.until->pilot_steps && !studied.theory.relaxation)
    return "its relaxation time is not known; allowed: ensemble.until.pilot_steps, some relaxation times long";
  if (!e.ensemble.until->pilot_steps && std::isinf(studied.theory.relaxation->time))
    return "nothing ever crosses between its basins, so that it never forgets where it starts; allowed: a higher "
           "temperature, or ensemble.until.pilot_steps";
  const double steps = pilot_steps(studied), least = rounded_up(least_share * steps, e.ensemble.sample_every);
  if (least > double(e.ensemble.until->most_steps))
    return fmt::format("its relaxation time is {:.3g}: the run takes at least {:.4g} steps, and most_steps = {}",
                       studied.theory.relaxation->time, least, e.ensemble.until->most_steps);
  return "";
}

StudiedRun pilot_of(const StudiedRun& studied) {
  StudiedRun pilot = studied;
  Experiment& e = pilot.run.experiment;
  const bool points = e.ensemble.start->kind == Start::Kind::points;
  const std::uint64_t starts = points ? e.ensemble.start->at.size() : 1;
  const std::uint64_t each = (pilot_trajectories + starts - 1) / starts * starts;
  e.ensemble.trajectories = std::min(e.ensemble.trajectories, sde::max_replicates * each);
  e.ensemble.steps = std::uint64_t(pilot_steps(studied));
  e.seed += pilot_seeds;
  record_densities_alone(e);
  return pilot;
}

DecidedLength length_for(const StudiedRun& studied, const StudiedRun& pilot, double pilot_error) {
  const auto &of_run = studied.run.experiment.ensemble, &of_pilot = pilot.run.experiment.ensemble;
  const double times = std::pow(pilot_error / of_run.until->total_variation_error, 2) * double(of_pilot.trajectories) /
                       double(of_run.trajectories);
  const double steps = rounded_up(std::max(times, least_share) * double(of_pilot.steps), of_run.sample_every);
  const double most = std::floor(longest_run / double(of_run.sample_every)) * double(of_run.sample_every);
  return {std::uint64_t(std::min(steps, most)), of_pilot.trajectories, of_pilot.steps, pilot_error};
}

std::optional<DecidedLength> decide_length(const StudiedRun& studied, int threads, const sde::Monitor& monitor) {
  StudiedRun pilot = pilot_of(studied);
  if (!simulate(pilot, {.threads = threads}, monitor)) return std::nullopt;
  return length_for(studied, pilot, worst(total_variation_errors(pilot.statistics)));
}

std::optional<DecidedLength> expected_length(const StudiedRun& studied) {
  const StudiedRun pilot = pilot_of(studied);
  StudiedRun as_long = pilot;
  as_long.theory.derived = derive(pilot.run.experiment, *pilot.landscape);
  const Forecast expected = forecast(as_long, 1);
  if (expected.densities.size() != studied.run.experiment.record.density.size()) return std::nullopt;
  double error = 0;
  for (const Forecast::Density& density : expected.densities) error = std::max(error, density.error);
  return length_for(studied, pilot, error);
}

bool is_undecided(const ExperimentFile& file) {
  const auto& until = file.runs.front().experiment.ensemble.until;
  return until && until->decided.empty();
}

ExperimentFile with_lengths(const ExperimentFile& undecided, std::vector<std::string> overrides,
                            const std::vector<DecidedLength>& lengths) {
  overrides.push_back(fmt::format("{}={}", decided_key, decided_text(lengths)));
  return read_experiment(undecided.text, undecided.name, overrides);
}

}  // namespace kramers::analysis
