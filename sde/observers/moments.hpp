#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "sde/exact_sum.hpp"
#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// First and second moments of theta and of the loss, and the temperature estimate. Along one trajectory they are
/// summed in step order, over trajectories exactly, so no order needs keeping.
template <Real R>
class Moments final : public Observer<R> {
 public:
  Moments(int dim, const EnsemblePlan& plan)
      : dim_(dim),
        full_covariance_(dim <= largest_full_covariance),
        quantities_(dim + (full_covariance_ ? dim * (dim + 1) / 2 : dim) + 3),
        rows_(plan.blocks_here() * quantities_ * block_lanes),
        sums_(std::size_t(plan.replicates()) * quantities_),
        sample_count_(plan.replicates()) {}

  void observe(const Sample<R>& sample) override {
    double* row = rows(sample.lanes);
    const R* theta = sample.theta;
    for (int i = 0; i < dim_; ++i, row += block_lanes)
      for (int lane = 0; lane < block_lanes; ++lane) row[lane] += double(theta[i * block_lanes + lane]);
    for (int i = 0; i < dim_; ++i)
      for (int j = i; j < (full_covariance_ ? dim_ : i + 1); ++j, row += block_lanes)
        for (int lane = 0; lane < block_lanes; ++lane)
          row[lane] += double(theta[i * block_lanes + lane]) * double(theta[j * block_lanes + lane]);
    for (int lane = 0; lane < block_lanes; ++lane) {
      const double loss = sample.loss[lane];
      row[lane] += loss;
      row[block_lanes + lane] += loss * loss;
      row[2 * block_lanes + lane] += sample.temperature[lane];
    }
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    const std::lock_guard lock(mutex_);
    const int replicate = lanes.replicate[lane];
    const double* row = rows(lanes) + lane;
    for (int q = 0; q < quantities_; ++q) sums_[std::size_t(replicate) * quantities_ + q].add(row[q * block_lanes]);
    sample_count_[replicate] += samples;
  }

  void report(RunStatistics& statistics) override {
    statistics.exact_sums = sums_;
    statistics.round_sums();
    statistics.sample_count = sample_count_;
  }

  std::span<double> sums(std::uint64_t block) override {
    return std::span(rows_).subspan(block * quantities_ * block_lanes, std::size_t(quantities_) * block_lanes);
  }

 private:
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * quantities_ * block_lanes; }

  int dim_;
  bool full_covariance_;
  int quantities_;
  std::vector<double> rows_;  // per block: quantities_ rows of lanes
  std::vector<ExactSum> sums_;
  std::vector<std::uint64_t> sample_count_;
  std::mutex mutex_;
};

}  // namespace kramers::sde
