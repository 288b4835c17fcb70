#include "analysis/study/cost.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

#include "analysis/results/checkpoint_file.hpp"
#include "analysis/study/companions.hpp"
#include "analysis/study/processors.hpp"
#include "analysis/study/results_of.hpp"

namespace kramers::analysis {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Counts of independent samples of a law, in the limit of many, as far as samples are due.
void draw_counts(sde::Counts& counts, const sde::Counts& due, const std::vector<double>& law, std::mt19937_64& engine) {
  std::normal_distribution<double> normal;
  for (int group = 0; group < counts.groups; ++group)
    for (int replicate = 0; replicate < counts.replicates; ++replicate) {
      const auto all = double(due(group, replicate, 0));
      double left = all;
      for (int cell = 0; cell < counts.cells; ++cell) {
        const double mean = law[cell] * all;
        const double drawn = std::clamp(std::round(mean + std::sqrt(mean) * normal(engine)), 0.0, left);
        counts(group, replicate, cell) = std::uint64_t(drawn);
        left -= drawn;
      }
    }
}

/// Of a density or of the basins: as predicted, or else equal shares; the outside gets none of these.
std::vector<double> law_of(const std::optional<std::vector<double>>& predicted, int cells) {
  std::vector<double> law = predicted ? *predicted : std::vector<double>(cells - 1, 1.0 / (cells - 1));
  law.resize(cells);
  return law;
}

sde::RunStatistics rehearsed(const StudiedRun& studied, sde::RunStatistics s) {
  std::mt19937_64 engine(studied.run.experiment.seed);
  for (std::size_t k = 0; k < s.densities.size(); ++k)
    draw_counts(s.densities[k], s.expected,
                law_of(studied.theory.prediction ? studied.theory.prediction->densities[k] : std::nullopt,
                       s.densities[k].cells),
                engine);
  if (s.basins.cells > 0)
    draw_counts(s.basins, s.expected,
                law_of(studied.theory.prediction ? studied.theory.prediction->basins : std::nullopt, s.basins.cells),
                engine);
  for (double& x : s.paths)
    if (std::isnan(x)) x = 0;  // kept by now
  return s;
}

}  // namespace

double measure_rate(StudiedRun studied, Engine engine, const std::function<bool()>& stop, const sde::Restart& restart) {
  engine.rank.index = engine.rank.count - 1;
  double begin = now(), rate = 0;
  std::uint64_t first_steps = 0;
  bool under_way = false;
  const auto monitor = [&](std::uint64_t steps, std::uint64_t) {
    const double seconds = now() - begin;
    if (seconds > 0 && steps > first_steps) rate = double(steps - first_steps) / seconds;
    if (!under_way) {  // the first slab, and what comes before it, tell nothing of those that follow
      under_way = true;
      begin = now();
      first_steps = steps;
    }
    return now() - begin < 0.1 && !(stop && stop());
  };
  simulate(studied, engine, monitor, restart);
  return rate * double(trajectories_of_shard(studied, engine));
}

Engine trial_engine(const StudiedRun& studied, int threads) {
  const std::uint64_t at_a_time = 4096 * std::uint64_t(sde::thread_count(threads));
  return {.threads = threads,
          .shard = {0, std::max<std::uint64_t>(1, studied.run.experiment.ensemble.trajectories / at_a_time)}};
}

Cost measure_cost(const StudiedRun& studied, int threads) {
  const Engine engine = trial_engine(studied, threads);
  Cost cost{};
  bool taken = false;
  sde::Restart restart{.wants = [&] { return !taken; },
                       .take =
                           [&](const sde::EnsembleState& state) {
                             taken = true;
                             cost.statistics = state.statistics();
                             std::uint64_t trajectories = 0;
                             state.visit(0, ~std::uint64_t(0), [&](const sde::Piece& piece) {
                               cost.state_bytes += double(record_of(0, piece).size());
                               trajectories += piece.at.count;
                             });
                             cost.state_bytes /= double(trajectories);
                           }};
  StudiedRun sampled = studied;
  sampled.run.experiment.ensemble.burn_in = 0;
  cost.sampled_rate = measure_rate(sampled, engine, {}, restart);
  cost.burn_in_rate = studied.run.experiment.ensemble.burn_in > 0 ? measure_rate(studied, engine) : cost.sampled_rate;
  cost.statistics.expected = due(studied).expected;
  return cost;
}

Costs measure_costs(const std::vector<StudiedRun>& runs, int threads) {
  Costs all;
  for (const StudiedRun& studied : runs)
    if (const int multiple = studied.multiple(); !all.contains(multiple))
      all.emplace(multiple, measure_cost(studied, threads));
  return all;
}

double seconds_needed(const StudiedRun& studied, const Costs& costs) {
  const Cost& cost = costs.at(studied.multiple());
  const auto& e = studied.run.experiment.ensemble;
  return double(e.trajectories) * (double(e.burn_in) / cost.burn_in_rate + double(e.steps) / cost.sampled_rate);
}

FileSizes file_sizes(const ExperimentFile& file, std::vector<StudiedRun> runs, const Costs& costs,
                     const std::map<std::string, std::string>& provenance) {
  const bool keep = runs.front().run.experiment.checkpoint.keep;
  double records = 0;
  for (StudiedRun& studied : runs) {
    const Cost& cost = costs.at(studied.multiple());
    studied.statistics = rehearsed(studied, cost.statistics);
    records += double(record_of(0, studied.statistics).size());
    if (keep || studied.index + 1 == int(runs.size()))
      records += cost.state_bytes * double(studied.run.experiment.ensemble.trajectories);
  }
  take_in_companions(runs);
  judge(runs);
  Results results = collect(file, runs);
  results.provenance = provenance;
  return {double(size(results)), records + double(file.text_resolved.size())};
}

}  // namespace kramers::analysis
