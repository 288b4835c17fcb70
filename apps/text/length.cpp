#include "apps/text/length.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "apps/text/summary.hpp"

namespace kramers::apps {
namespace {

using analysis::DecidedLength;
using analysis::StudiedRun;

const analysis::Until& until(const StudiedRun& studied) { return *studied.run.experiment.ensemble.until; }

/// Of one run or of several: what is wrong with each, a line each.
class Obstacles {
 public:
  void add(const StudiedRun& studied, const std::string& obstacle) {
    if (!obstacle.empty()) all_ += fmt::format("\n  {}: {}", label(studied), obstacle);
  }
  void refuse() const {
    if (!all_.empty()) throw std::invalid_argument("ensemble.until cannot be met:" + all_);
  }

 private:
  std::string all_;
};

void check_possible(const std::vector<StudiedRun>& runs) {
  Obstacles obstacles;
  for (const StudiedRun& studied : runs) obstacles.add(studied, analysis::pilot_obstacle(studied));
  obstacles.refuse();
}

/// The error that so many steps would reach.
double error_after(const StudiedRun& studied, const DecidedLength& length, double steps) {
  const double of_pilot = double(length.pilot_trajectories) * double(length.pilot_steps);
  return length.pilot_error * std::sqrt(of_pilot / (double(studied.run.experiment.ensemble.trajectories) * steps));
}

std::string beyond_most_steps(const StudiedRun& studied, const DecidedLength& length) {
  const auto most = double(until(studied).most_steps);
  if (double(length.steps) <= most) return "";
  const bool longest = double(length.steps + studied.run.experiment.ensemble.sample_every) > analysis::longest_run;
  return fmt::format("total_variation_error = {:g} takes {}{} steps, and most_steps = {}, which would reach {:.2g}",
                     until(studied).total_variation_error, longest ? "at least " : "", length.steps,
                     until(studied).most_steps, error_after(studied, length, most));
}

}  // namespace

std::vector<DecidedLength> lengths_by_pilots(const std::vector<StudiedRun>& runs, int threads, Progress& progress) {
  check_possible(runs);
  double total = 0, before = 0;  // trajectory-steps: of all pilots, before this one
  const auto cost = [](const StudiedRun& studied) {
    const auto& ensemble = analysis::pilot_of(studied).run.experiment.ensemble;
    return double(ensemble.trajectories) * double(ensemble.burn_in + ensemble.steps);
  };
  for (const StudiedRun& studied : runs) total += cost(studied);
  std::vector<DecidedLength> lengths;
  Obstacles obstacles;
  for (const StudiedRun& studied : runs) {
    progress.run(studied.index + 1, int(runs.size()));
    const auto& pilot = analysis::pilot_of(studied).run.experiment.ensemble;
    const auto length = analysis::decide_length(studied, threads, [&](std::uint64_t steps, std::uint64_t) {
      progress.update(before + double(steps) * double(pilot.trajectories), total, "pilot, " + label(studied));
      return true;
    });
    lengths.push_back(*length);
    before += cost(studied);
    obstacles.add(studied, beyond_most_steps(studied, lengths.back()));
  }
  progress.clear();
  obstacles.refuse();
  return lengths;
}

std::optional<std::vector<DecidedLength>> expected_lengths(const std::vector<StudiedRun>& runs) {
  check_possible(runs);
  std::vector<DecidedLength> lengths;
  for (const StudiedRun& studied : runs) {
    const auto length = analysis::expected_length(studied);
    if (!length) return std::nullopt;
    lengths.push_back(*length);
  }
  return lengths;
}

std::string length_line(const StudiedRun& studied) {
  if (!studied.run.experiment.ensemble.until) return "";
  const DecidedLength& length = *until(studied).here;
  return fmt::format(
      "  {:<22}{} steps, for a standard error of {:g} in total variation ({:.2g} in a pilot of {} "
      "trajectories, {} steps)\n",
      "length", length.steps, until(studied).total_variation_error, length.pilot_error, length.pilot_trajectories,
      length.pilot_steps);
}

std::string expected_length_line(const StudiedRun& studied) {
  if (!studied.run.experiment.ensemble.until) return "";
  const auto& here = until(studied).here;
  const std::string asked =
      fmt::format("for a standard error of {:g} in total variation", until(studied).total_variation_error);
  if (!here)
    return fmt::format("  {:<22}not known, {}: a pilot will tell; most_steps = {}\n", "length", asked,
                       until(studied).most_steps);
  const std::string beyond = beyond_most_steps(studied, *here);
  return fmt::format("  {:<22}about {:.3g} steps {}; a pilot of {} trajectories, {} steps, decides\n{}", "length",
                     double(here->steps), asked, here->pilot_trajectories, here->pilot_steps,
                     beyond.empty() ? "" : "  warning: " + beyond + "\n");
}

}  // namespace kramers::apps
