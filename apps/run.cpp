#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/study.hpp"
#include "apps/command.hpp"
#include "apps/interrupt.hpp"
#include "apps/progress.hpp"
#include "apps/summary.hpp"
#include "apps/terminal_density.hpp"

namespace kramers {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return text;
}

std::map<std::string, std::string> provenance(int threads, const std::string& start) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  return {{"version", KRAMERS_VERSION},
          {"compiler", KRAMERS_COMPILER},
          {"flags", KRAMERS_FLAGS},
          {"device", "cpu"},
          {"host", host},
          {"threads", std::to_string(threads)},
          {"start", start},
          {"end", utc_now()}};
}

/// Trajectory-steps per second, from a tenth of a second of the run itself.
double measure_rate(analysis::StudiedRun studied, int threads, const apps::Interrupt& interrupt) {
  const double begin = apps::steady_seconds();
  double rate = 0;
  analysis::simulate(studied, threads, [&](std::uint64_t steps, std::uint64_t) {
    const double seconds = apps::steady_seconds() - begin;
    rate = double(steps) * double(studied.run.experiment.ensemble.trajectories) / seconds;
    return seconds < 0.1 && !interrupt.requested();
  });
  return rate;
}

void check_memory(const std::vector<analysis::StudiedRun>& runs) {
  const double needed = analysis::bytes_needed(runs);
  const double here = double(sysconf(_SC_PHYS_PAGES)) * double(sysconf(_SC_PAGESIZE));
  if (needed <= here) return;
  throw std::invalid_argument(
      fmt::format("the experiment needs {:.3g} GB of memory and this machine has {:.3g}; allowed: fewer trajectories, "
                  "bins, start points or kept paths",
                  needed / 1e9, here / 1e9));
}

double trajectory_steps(const analysis::StudiedRun& studied) { return studied.theory.derived.trajectory_steps; }

void print_prologue(const analysis::ExperimentFile& file, const std::vector<analysis::StudiedRun>& runs, int threads,
                    const apps::Interrupt& interrupt) {
  fmt::print("{}\n", file.runs.front().experiment.title);
  double total = 0;
  for (const analysis::StudiedRun& studied : runs) {
    fmt::print("\nrun {} of {}: {}\n{}", studied.index + 1, runs.size(), apps::label(studied), apps::prologue(studied));
    total += trajectory_steps(studied);
  }
  const double rate = measure_rate(runs.front(), threads, interrupt);
  fmt::print("\n{:.3g} trajectory-steps in all at {:.3g} a second on {} thread{}: about {}\n\n", total, rate, threads,
             threads == 1 ? "" : "s", apps::duration_text(total / rate));
  std::fflush(stdout);
}

/// The first one-dimensional density of every run, over its prediction.
std::string drawings(const std::vector<analysis::StudiedRun>& runs) {
  std::string text;
  for (const analysis::StudiedRun& studied : runs)
    for (std::size_t k = 0; k < studied.assessment.densities.size(); ++k) {
      const sde::DensityGrid& grid = studied.run.experiment.record.density[k];
      if (grid.axes.size() != 1) continue;
      apps::TerminalDensity density;
      density.axis_label = fmt::format("theta_{}", grid.axes[0]);
      for (int i = 0; i <= grid.bins[0]; ++i) density.edges.push_back(grid.edge(0, i));
      for (int i = 0; i < grid.bins[0]; ++i)
        density.probability.push_back(studied.assessment.densities[k].cells[i].value);
      if (studied.theory.gibbs && studied.theory.gibbs->densities[k])
        density.prediction.assign(studied.theory.gibbs->densities[k]->begin(),
                                  studied.theory.gibbs->densities[k]->begin() + grid.bins[0]);
      text += fmt::format("{}\n{}\n", apps::label(studied), apps::draw(density, {.height = 8}));
      break;
    }
  return text;
}

}  // namespace

int run(const RunOptions& options) {
  const std::string start = utc_now();
  const int threads = sde::thread_count(options.threads);

  // 1. Everything that can be wrong is found before anything runs.
  const analysis::ExperimentFile file = analysis::read_experiment_file(options.experiment, options.set);
  const std::string output =
      options.output.empty() ? std::filesystem::path(options.experiment).stem().string() + ".h5" : options.output;
  analysis::check_writable(output);

  // 2. What theory knows beforehand.
  std::vector<analysis::StudiedRun> runs = analysis::prepare(file);
  check_memory(runs);
  const apps::Interrupt interrupt;  // from here to the end: a run stops between steps, a file is written whole
  const bool talkative = !options.quiet && !options.json;
  if (talkative) print_prologue(file, runs, threads, interrupt);
  if (!talkative)
    for (const analysis::StudiedRun& studied : runs)
      for (const std::string& warning : apps::warnings(studied))
        fmt::print(stderr, "kramers: warning: {}: {}\n", apps::label(studied), warning);

  // 3. The simulation.
  double total = 0, before = 0, done = 0;  // trajectory-steps: of all runs, before this run, so far
  for (const analysis::StudiedRun& studied : runs) total += trajectory_steps(studied);
  {
    apps::Progress progress(apps::Progress::for_standard_error(options.quiet));
    for (analysis::StudiedRun& studied : runs) {
      progress.run(studied.index + 1, int(runs.size()));
      const double trajectories = double(studied.run.experiment.ensemble.trajectories);
      const bool whole = analysis::simulate(studied, threads, [&](std::uint64_t steps, std::uint64_t diverged) {
        done = before + double(steps) * trajectories;
        progress.update(done, total,
                        apps::label(studied) + (diverged > 0 ? fmt::format(", {} diverged", diverged) : ""));
        return !interrupt.requested();
      });
      if (!whole) {
        progress.clear();
        fmt::print(stderr,
                   "kramers: interrupted in run {} of {}; nothing was written, {:.3g} trajectory-steps are lost\n",
                   studied.index + 1, runs.size(), done);
        return status::interrupted;
      }
      before = done;
    }
    progress.finish();
  }

  // 4. The answer on the screen, first: it is not lost if the disk is full.
  const analysis::Decision decision = analysis::judge(runs);
  if (options.json)
    fmt::print("{}\n", apps::summary_json(runs, decision));
  else
    fmt::print("{}{}\n", talkative ? drawings(runs) : "", apps::table(runs));
  std::fflush(stdout);

  // 5. The file.
  analysis::Results results = analysis::collect(file, runs);
  results.provenance = provenance(threads, start);
  analysis::write(results, output);
  if (!options.json) fmt::print("results: {}\n", output);
  return status::done;
}

}  // namespace kramers
