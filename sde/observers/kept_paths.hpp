#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// The first few trajectories whole, thinned to every path_every-th step after burn-in (a multiple of sample_every).
/// A diverged trajectory goes on as NaN.
template <Real R>
class KeptPaths final : public Observer<R> {
 public:
  KeptPaths(int dim, const EnsemblePlan& plan)
      : dim_(dim),
        burn_in_(plan.burn_in),
        every_(plan.path_every),
        chains_(std::min(plan.path_count, plan.trajectories)),
        draws_(plan.steps / plan.path_every),
        at_(chains_ * draws_ * dim, std::numeric_limits<double>::quiet_NaN()) {}

  void observe(const Sample<R>& sample) override {
    const std::uint64_t first = sample.lanes.first_trajectory;
    if (first >= chains_ || (sample.step - burn_in_) % every_ != 0) return;
    const std::uint64_t draw = (sample.step - burn_in_) / every_ - 1;
    for (int lane = 0; lane < block_lanes && first + lane < chains_; ++lane)
      if (sample.lanes.alive[lane])
        for (int i = 0; i < dim_; ++i)
          at_[((first + lane) * draws_ + draw) * dim_ + i] = sample.theta[i * block_lanes + lane];
  }

  void retire(const Lanes&, int, std::uint64_t) override {}

  void report(RunStatistics& statistics) override {
    statistics.chains = chains_;
    statistics.draws = draws_;
    statistics.paths = at_;
  }

 private:
  int dim_;
  std::uint64_t burn_in_, every_, chains_, draws_;
  std::vector<double> at_;  // [chain][draw][dim]
};

}  // namespace kramers::sde
