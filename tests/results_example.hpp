#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "analysis/prediction/list.hpp"
#include "analysis/results/results_file.hpp"

/// A folder for one test, gone afterwards.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kramers-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::size_t files() const {
    return std::size_t(
        std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of_file(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path, std::ios::binary).rdbuf();
  return all.str();
}
inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Results with a different number in every place.
inline kramers::analysis::Results example_results(int runs = 2) {
  using namespace kramers;
  using namespace kramers::analysis;
  std::mt19937_64 random(20171113);
  const auto integer = [&] { return random() >> 40; };
  const auto real = [&] { return std::ldexp(double(random() >> 11), -52) - 1; };
  const auto reals = [&](std::size_t n) {
    std::vector<double> v(n);
    for (auto& x : v) x = real();
    return v;
  };
  const auto estimates = [&](std::size_t n) {
    std::vector<Estimate> v(n);
    for (auto& x : v) x = {real(), real()};
    return v;
  };
  const int dim = 2, groups = 2, replicates = 5;
  const auto counts = [&](int cells) {
    sde::Counts c(groups * sde::time_parts, replicates, cells);
    for (auto& x : c.at) x = integer();
    return c;
  };

  Results all;
  all.title = "Wide minima \xe2\x80\x94 \xce\xb7/S";
  all.seed = 0xfedcba9876543210;
  all.experiment_as_given = "title = \"x\"\n# " + std::string(100000, '.');
  all.experiment_resolved = "seed = 1\n";
  all.grids = {{{0}, {20}, {{-3, 3}}}, {{0, 1}, {6, 4}, {{-1, 1}, {-2, 2.5}}}};
  all.events = {{"exit", "theta_0 >= 0", true}, {"leaves its basin", "leaves its basin", false}};
  all.minima = {{-1, 0}, {1, 0}, {0, 0.5}};
  all.provenance = {{"version", "0.1"}, {"host", "here"}, {"threads", "2"}};
  for (int r = 0; r < runs; ++r) {
    RunResults run;
    run.swept = {{"dynamics.batch_size", 32.0 / (r + 1)},
                 {"dynamics.scheme", r % 2 ? "euler-maruyama" : "leimkuhler-matthews"}};
    run.derived = {{"temperature", 0.1 * (r + 1)}, {"time_step", 0.004}, {"batch_size", 32.0 / (r + 1)}};
    if (r == 0) run.derived["relaxation_time"] = 110.9;
    auto& s = run.statistics;
    s = {.trajectories = integer(),
         .samples = integer(),
         .looks = integer(),
         .dim = dim,
         .replicates = replicates,
         .groups = groups};
    s.expected = counts(1), s.counted = counts(1);
    for (const auto& grid : all.grids) s.densities.push_back(counts(grid.cell_count()));
    s.basins = counts(4);
    s.transitions = sde::Counts(1, replicates, 9);
    for (auto& x : s.transitions.at) x = integer();
    s.moments.shape = sde::moments_shape(groups, s.rows());
    s.moments.replicates = replicates;
    s.moments.sums = reals(std::size_t(groups) * replicates * s.rows().count());
    s.sums = reals(std::size_t(replicates) * s.quantities());
    for (int i = 0; i < replicates; ++i) s.sample_count.push_back(integer());
    s.phase_basins = counts(3 * 4);
    s.phases.shape = sde::phases_shape(3, dim);
    s.phases.replicates = replicates;
    s.phases.sums = reals(std::size_t(3) * replicates * sde::phase_quantities(dim));
    s.final_state_hash = random() | 1ULL << 63;
    s.diverged = integer();
    for (int i = 0; i <= r; ++i) s.divergences.push_back({integer(), integer(), reals(dim)});
    s.chains = 3, s.draws = 7;
    s.paths = reals(3 * 7 * dim);
    s.paths[5] = not_known;

    for (const int destinations : {0, 4}) {
      const int origins = destinations > 0 ? 3 : 1, bins = 6;
      const auto passages = [&](int cells) {
        sde::Counts c(origins, replicates, cells);
        for (auto& x : c.at) x = integer();
        return c;
      };
      s.passages.push_back(
          {integer(), passages(1), passages(1), passages(bins), passages(bins), passages(destinations)});
      EventResult e;
      e.bin_start = reals(bins), e.mean_prediction = reals(origins), e.mean_prediction_at_steps = reals(origins);
      for (int origin = 0; origin < origins; ++origin)
        e.origins.push_back({.rate = {real(), real()},
                             .rate_interval = {real(), real()},
                             .mean_time = {real(), real()},
                             .restricted_mean = {real(), real()},
                             .survival = estimates(bins)});
      e.mean_prediction[0] = not_known;
      run.events.push_back(e);
    }
    using Words = std::vector<std::string>;
    sde::Tally tally;
    tally.shape = {"swirl", "sums of this and that", {{"lag", "steps", {0, 1.5, 4}}, {"sum", "what", Words{"n", "x"}}}};
    tally.replicates = replicates;
    tally.sums = reals(std::size_t(replicates) * 6);
    s.tallies = {tally};
    const sde::TallyAxis density("density", "which", std::vector<double>{1});
    run.tables = {{"swirl",
                   "sums of this and that",
                   {tally.shape.axes[0]},
                   {{"rate", "a rate", {"lag"}, reals(3)}, {"total", "a total", {}, reals(1)}}},
                  {"quantiles", "without a tally", {density}, {{"quantile", "a point", {"density"}, {not_known}}}}};

    run.moments = {.mean = estimates(dim),
                   .variance = estimates(dim),
                   .covariance = estimates(dim * dim),
                   .loss_mean = {real(), real()}};
    run.temperature_measured = {real(), real()};
    run.occupancy = estimates(3);
    for (const analysis::Law& law : analysis::laws()) run.basins_by[analysis::key_of(law)] = reals(3);
    if (r == 0) run.basin_prediction = reals(3);
    run.phases.temperature = reals(3);
    if (r == 0) run.phases.learning_rate = reals(3);
    for (int phase = 0; phase < 3; ++phase)
      run.phases.sampled.push_back({.mean = estimates(dim),
                                    .variance = estimates(dim),
                                    .loss_mean = {real(), real()},
                                    .loss_variance = {real(), real()},
                                    .basins = estimates(3)});
    for (const auto& grid : all.grids) {
      DensityResult d;
      d.probability = estimates(grid.cell_count());
      if (r == 0) d.prediction = reals(grid.cell_count());
      for (const analysis::Law& law : analysis::laws()) d.by[analysis::key_of(law)] = reals(grid.cell_count());
      d.total_variation = real(), d.lower = real(), d.upper = real(), d.tolerance = 0.01;
      d.more = {{"noise_floor", real()}};
      if (r == 0) d.more["bias_of_step"] = real();
      d.verdict = Decision(r);
      d.reason = "because of " + std::to_string(real());
      run.densities.push_back(d);
    }
    all.runs.push_back(run);
  }
  return all;
}
