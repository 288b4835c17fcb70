#pragma once

#include <mutex>
#include <vector>

#include "sde/numbers/exact_sum.hpp"
#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// First and second moments of each coordinate and of the loss, by phase of the course; summed as Moments are.
template <Real R>
class PhaseMoments final : public Observer<R> {
 public:
  PhaseMoments(int dim, const EnsemblePlan& plan)
      : dim_(dim),
        quantities_(PhaseStatistics::quantities(dim)),
        block_rows_(plan.phases() * quantities_),
        replicates_(plan.replicates()),
        rows_(plan.blocks_here() * block_rows_ * block_lanes),
        sums_(std::size_t(block_rows_) * replicates_) {}

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
    const std::lock_guard lock(mutex_);
    const double* row = rows(lanes) + lane;
    for (int r = 0; r < block_rows_; ++r) {
      const std::size_t phase = r / quantities_, quantity = r % quantities_;
      sums_[(phase * replicates_ + lanes.replicate[lane]) * quantities_ + quantity].add(row[r * block_lanes]);
    }
  }

  void report(RunStatistics& statistics) override {
    statistics.phases.exact_sums = sums_;
    statistics.round_sums();
  }

  std::span<double> sums(std::uint64_t block) override {
    return std::span(rows_).subspan(block * block_rows_ * block_lanes, std::size_t(block_rows_) * block_lanes);
  }

 private:
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * block_rows_ * block_lanes; }

  int dim_, quantities_, block_rows_, replicates_;
  std::vector<double> rows_;  // per block: for each phase quantities_ rows of lanes
  std::vector<ExactSum> sums_;
  std::mutex mutex_;
};

}  // namespace kramers::sde
