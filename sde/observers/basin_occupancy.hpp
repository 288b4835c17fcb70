#pragma once

#include "sde/observers/region_counts.hpp"

namespace kramers::sde {

/// Samples in the basin of each minimum, and in none.
template <Real R>
class BasinOccupancy final : public Observer<R> {
 public:
  BasinOccupancy(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, int threads)
      : landscape_(landscape), minima_(plan.minima), counts_(plan, plan.minima + 1, threads) {}

  void observe(const Sample<R>& sample) override {
    std::int32_t minimum[block_lanes];
    landscape_.basin(sample.theta, minimum);
    std::uint64_t* counters = counts_.counters(sample.thread, sample.lanes);
    for (int lane = 0; lane < block_lanes; ++lane)
      ++counters[sample.lanes.region[lane] * (minima_ + 1) + (minimum[lane] < 0 ? minima_ : minimum[lane])];
  }

  void retire(const Lanes&, int, std::uint64_t) override {}
  void report(RunStatistics& statistics) override { statistics.basins = counts_.so_far(); }

 private:
  const BlockLandscape<R>& landscape_;
  int minima_;
  RegionCounts counts_;
};

}  // namespace kramers::sde
