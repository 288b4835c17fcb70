#pragma once

#include "sde/flat_grid.hpp"
#include "sde/observers/region_counts.hpp"

namespace kramers::sde {

/// Histogram of one or two coordinates; cells as in DensityGrid.
template <Real R>
class DensityObserver final : public Observer<R> {
 public:
  DensityObserver(const EnsemblePlan& plan, const DensityGrid& grid, int threads)
      : grid_(grid), counts_(plan, grid.cell_count(), threads) {}

  void observe(const Sample<R>& sample) override {
    std::int32_t cell[block_lanes];
    find_cells(sample.theta, cell);
    std::uint64_t* counters = counts_.counters(sample.thread, sample.lanes, sample.part);
    const std::ptrdiff_t stride = counts_.stride();
    for (int lane = 0; lane < block_lanes; ++lane) ++counters[sample.lanes.region[lane] * stride + cell[lane]];
  }

  void retire(const Lanes&, int, std::uint64_t) override {}
  void report(RunStatistics& statistics) override { statistics.densities.push_back(counts_.so_far()); }

 private:
  void find_slots(const R* theta, int a, std::int32_t* slot) const {
    const FlatGrid grid = grid_;  // a copy, which stores to `slot` cannot change
    const R* row = theta + grid.axis[a] * block_lanes;
    for (int lane = 0; lane < block_lanes; ++lane) slot[lane] = grid.slot(double(row[lane]), a);
  }

  void find_cells(const R* theta, std::int32_t* cell) const {
    const FlatGrid grid = grid_;
    find_slots(theta, 0, cell);
    if (grid.axes == 1) {
      for (int lane = 0; lane < block_lanes; ++lane) cell[lane] = grid.cell(cell[lane]);
      return;
    }
    std::int32_t second[block_lanes];
    find_slots(theta, 1, second);
    for (int lane = 0; lane < block_lanes; ++lane) cell[lane] = grid.cell(cell[lane], second[lane]);
  }

  FlatGrid grid_;
  RegionCounts counts_;
};

}  // namespace kramers::sde
