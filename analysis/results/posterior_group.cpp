#include <algorithm>
#include <stdexcept>

#include "analysis/results/group_counts.hpp"
#include "analysis/results/groups.hpp"
#include "analysis/results/over_runs.hpp"
#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {
namespace {

void write_posterior(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates) {
  const sde::RunStatistics& shape = results.runs[0].statistics;
  if (shape.chains == 0 || shape.draws == 0) return;
  RunGroup s(file, results, coordinates, "/posterior", "the trajectories that were kept");
  s.attribute("", "sample_dims", Names{"chain", "draw"});
  s.attribute("", "sampled_variables", Names{"theta"});
  s.attribute("", "creation_library", commit_mark::kramers);
  s.attribute("", "inference_library", commit_mark::kramers);
  s.dimension("chain", count_up(shape.chains), "trajectory");
  s.dimension("draw", count_up(shape.draws), "kept state");
  dimension_of_theta(s, shape.dim);
  // From [run][chain draw][param] to [chain draw][run][param].
  const std::size_t dim = shape.dim, runs = results.runs.size(), states = shape.chains * shape.draws;
  std::vector<double> theta(states * runs * dim);
  for (std::size_t r = 0; r < runs; ++r) {
    const auto& paths = results.runs[r].statistics.paths;
    if (paths.size() != states * dim) throw std::invalid_argument("a run has kept paths of another length");
    for (std::size_t state = 0; state < states; ++state)
      std::copy_n(paths.begin() + state * dim, dim, theta.begin() + (state * runs + r) * dim);
  }
  Integers step;
  std::vector<double> time;
  for (const auto& run : results.runs) {
    step.insert(step.end(), run.landmarks.draw_step.begin(), run.landmarks.draw_step.end());
    time.insert(time.end(), run.landmarks.draw_time.begin(), run.landmarks.draw_time.end());
  }
  if (time.size() == runs * std::size_t(shape.draws) && step.size() == time.size()) {
    s.coordinate("step", {"run", "draw"}, step, "steps from the start to a kept state");
    s.coordinate("time", {"run", "draw"}, time, "time from the start to a kept state: the sum of the time steps");
  }
  s.variable("theta", {"chain", "draw", "run", "param"}, theta, "parameters");
}

void read_posterior(const Hdf5Reader& file, Results& results) {
  if (!file.has("/posterior")) return;
  const std::uint64_t chains = size_of(file, "/posterior/chain"), draws = size_of(file, "/posterior/draw");
  const std::size_t dim = results.runs[0].statistics.dim, runs = results.runs.size();
  const auto theta = file.read<double>("/posterior/theta", {chains, draws, runs, dim});
  for (std::size_t r = 0; r < runs; ++r) {
    auto& s = results.runs[r].statistics;
    s.chains = chains;
    s.draws = draws;
    for (std::size_t state = 0; state < chains * draws; ++state) {
      const auto from = theta.begin() + (state * runs + r) * dim;
      s.paths.insert(s.paths.end(), from, from + dim);
    }
  }
}

}  // namespace

GroupKind posterior_group() { return {.write = write_posterior, .read = read_posterior}; }

}  // namespace kramers::analysis
