#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sde/observers/quantities.hpp"

namespace kramers::sde {

/// Samples of a stretch of a trajectory: about a quarter of it where the longest lag is half of it.
inline std::uint64_t stretch_length(const AutocorrelationRequest& request) { return (request.longest_lag + 1) / 2; }

/// For each quantity, over whole trajectories: how many, sums of their means and of the squares of those, and of the
/// mean of x^2 along each; over their whole stretches of equal length: how many, sums of their means and of the squares
/// of those.
inline PlannedTally plan_trajectory_means(const EnsemblePlan& plan) {
  const std::vector<Quantity>& quantities = plan.requests.autocorrelation->quantities;
  return {
      {"trajectory_means",
       "means of trajectories, and of stretches of " + std::to_string(stretch_length(*plan.requests.autocorrelation)) +
           " samples, from which autocorrelation times follow",
       {quantity_axis(quantities),
        {"sum", "what was summed up",
         std::vector<std::string>{"trajectories", "means", "squared means", "means of squares", "stretches",
                                  "means of stretches", "squared means of stretches"}}}},
      4.0 * double(quantities.size())};
}

/// How means scatter from trajectory to trajectory. Trajectories that diverge do not count.
template <Real R>
class TrajectoryMeans final : public Observer<R> {
 public:
  TrajectoryMeans(const BlockLandscape<R>& landscape, const EnsemblePlan& plan)
      : plan_(plan),
        stretch_(stretch_length(*plan.requests.autocorrelation)),
        quantities_(landscape, plan.requests.autocorrelation->quantities),
        rows_(plan.blocks_here() * numbers()),
        tally_(Tally(plan_trajectory_means(plan).shape, plan.replicates())) {}

  void observe(const Sample<R>& sample) override {
    const bool stretch_ends = plan_.events().samples_until(sample.step) % stretch_ == 0;
    quantities_.each(sample, [&](int q, const double* x) {
      double* sum = rows_.data() + sample.lanes.block * numbers() + std::size_t(4 * q) * block_lanes;
      double *squares = sum + block_lanes, *in_stretch = squares + block_lanes, *stretches = in_stretch + block_lanes;
      for (int lane = 0; lane < block_lanes; ++lane) sum[lane] += x[lane];
      for (int lane = 0; lane < block_lanes; ++lane) squares[lane] += x[lane] * x[lane];
      for (int lane = 0; lane < block_lanes; ++lane) in_stretch[lane] += x[lane];
      if (!stretch_ends) return;
      for (int lane = 0; lane < block_lanes; ++lane) stretches[lane] += in_stretch[lane] * in_stretch[lane];
      std::fill_n(in_stretch, block_lanes, 0.0);
    });
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    if (samples < plan_.samples()) return;
    const double n = double(samples), stretch = double(stretch_), count = double(samples / stretch_);
    const double* row = rows_.data() + lanes.block * numbers() + lane;
    tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      for (int q = 0; q < quantities_.count(); ++q, row += 4 * block_lanes) {
        const double sum = row[0], in_whole_stretches = sum - row[2 * block_lanes];
        for (double term : {1.0, sum / n, sum / n * (sum / n), row[block_lanes] / n, count,
                            in_whole_stretches / stretch, row[3 * block_lanes] / (stretch * stretch)})
          (to++)->add(term);
      }
    });
  }

  void report(RunStatistics& statistics) override { statistics.tallies.push_back(tally_.so_far()); }
  std::span<double> sums(std::uint64_t block) override { return {rows_.data() + block * numbers(), numbers()}; }

 private:
  std::size_t numbers() const { return std::size_t(4) * quantities_.count() * block_lanes; }

  const EnsemblePlan& plan_;
  const std::uint64_t stretch_;
  Quantities<R> quantities_;
  /// Per block and quantity: sums of x, of x^2, of x in the current stretch, and of the squares of those sums.
  std::vector<double> rows_;
  SharedTally tally_;
};

}  // namespace kramers::sde
