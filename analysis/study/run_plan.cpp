#include "analysis/study/run_plan.hpp"

#include <stdexcept>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/scheduled_course.hpp"
#include "analysis/study/basins.hpp"
#include "landscapes/model/quadratic_form.hpp"
#include "sde/plan_fit.hpp"
#include "sde/restart.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {

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

template <sde::Real R>
std::shared_ptr<const sde::BlockNoise<R>> noise_of(const StudiedRun& studied) {
  const auto& dynamics = studied.run.experiment.dynamics;
  const double sigma = dynamics.sigma.value_or(1);
  return landscapes::block_of<R>(*studied.noise,
                                 {.reference = sigma * sigma, .batch_size = dynamics.batch_size.value_or(1)});
}
template std::shared_ptr<const sde::BlockNoise<float>> noise_of<float>(const StudiedRun&);
template std::shared_ptr<const sde::BlockNoise<double>> noise_of<double>(const StudiedRun&);

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

std::uint64_t trajectories_here(const StudiedRun& studied, const Engine& engine) {
  return plan_of(studied, engine).trajectories_here();
}

std::uint64_t trajectories_of_shard(const StudiedRun& studied, const Engine& engine) {
  Engine all = engine;
  all.rank = {};
  return trajectories_here(studied, all);
}

std::pair<std::uint64_t, std::uint64_t> trajectory_range(const StudiedRun& studied, const Engine& engine) {
  const sde::EnsemblePlan plan = plan_of(studied, engine);
  const std::uint64_t first = plan.first_block() * sde::block_lanes;
  return {first, first + plan.trajectories_here()};
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

}  // namespace kramers::analysis
