#pragma once

#include "sde/observers/region_counts.hpp"

namespace kramers::sde {

/// Samples in the basin of each minimum, and in none: of each phase of the course, if there is one, and of all.
template <Real R>
class BasinOccupancy final : public Observer<R> {
 public:
  BasinOccupancy(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, int threads)
      : landscape_(landscape),
        minima_(plan.minima),
        phases_(plan.phases()),
        counts_(plan, (phases_ + 1) * (minima_ + 1), threads) {}

  void observe(const Sample<R>& sample) override {
    std::int32_t minimum[block_lanes];
    landscape_.basin(sample.theta, minimum);
    std::uint64_t* counters = counts_.counters(sample.thread, sample.lanes);
    counters += (sample.phase < 0 ? phases_ : sample.phase) * (minima_ + 1);
    for (int lane = 0; lane < block_lanes; ++lane)
      ++counters[sample.lanes.region[lane] * (phases_ + 1) * (minima_ + 1) +
                 (minimum[lane] < 0 ? minima_ : minimum[lane])];
  }

  void retire(const Lanes&, int, std::uint64_t) override {}

  void report(RunStatistics& statistics) override {
    const Counts counts = counts_.so_far();
    statistics.basins = Counts(counts.groups, counts.replicates, minima_ + 1);
    if (phases_ > 0) statistics.phases.basins = Counts(counts.groups, counts.replicates, phases_ * (minima_ + 1));
    for (int group = 0; group < counts.groups; ++group)
      for (int g = 0; g < counts.replicates; ++g)
        for (int cell = 0; cell < counts.cells; ++cell) {
          statistics.basins(group, g, cell % (minima_ + 1)) += counts(group, g, cell);
          if (cell < phases_ * (minima_ + 1)) statistics.phases.basins(group, g, cell) = counts(group, g, cell);
        }
  }

 private:
  const BlockLandscape<R>& landscape_;
  int minima_, phases_;
  RegionCounts counts_;
};

}  // namespace kramers::sde
