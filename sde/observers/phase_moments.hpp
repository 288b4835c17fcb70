#pragma once

#include <vector>

#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// First and second moments of each coordinate and of the loss, by phase of the course; summed as Moments are.
template <Real R>
class PhaseMoments final : public Observer<R> {
 public:
  PhaseMoments(int dim, const EnsemblePlan& plan)
      : dim_(dim),
        quantities_(phase_quantities(dim)),
        block_rows_(plan.phases() * quantities_),
        rows_(plan.blocks_here() * block_rows_ * block_lanes),
        tally_(Tally(phases_shape(plan.phases(), dim), plan.replicates())) {}

  void observe(const Sample<R>& sample) override {
    if (sample.phase < 0) return;
    double* row = rows(sample.lanes) + std::size_t(sample.phase) * quantities_ * block_lanes;
    for (int lane = 0; lane < block_lanes; ++lane) row[lane] += 1;
    for (int i = 0; i < dim_; ++i) {
      const R* theta = sample.theta + i * block_lanes;
      double *first = row + (1 + i) * block_lanes, *second = first + dim_ * block_lanes;
      for (int lane = 0; lane < block_lanes; ++lane) {
        first[lane] += double(theta[lane]);
        second[lane] += double(theta[lane]) * double(theta[lane]);
      }
    }
    double* last = row + (1 + 2 * dim_) * block_lanes;
    for (int lane = 0; lane < block_lanes; ++lane) {
      const double loss = sample.loss[lane];
      last[lane] += loss;
      last[block_lanes + lane] += loss * loss;
    }
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t) override {
    const double* row = rows(lanes) + lane;
    tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      for (int r = 0; r < block_rows_; ++r) to[r].add(row[r * block_lanes]);
    });
  }

  void report(RunStatistics& statistics) override { statistics.phases = tally_.so_far(); }

  std::span<double> sums(std::uint64_t block) override {
    return std::span(rows_).subspan(block * block_rows_ * block_lanes, std::size_t(block_rows_) * block_lanes);
  }

 private:
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * block_rows_ * block_lanes; }

  int dim_, quantities_, block_rows_;
  std::vector<double> rows_;  // per block: for each phase quantities_ rows of lanes
  SharedTally tally_;
};

}  // namespace kramers::sde
