#pragma once

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
    std::uint64_t* counters = counts_.counters(sample.thread, sample.lanes);
    const int cells = grid_.cell_count();
    for (int lane = 0; lane < block_lanes; ++lane)
      ++counters[std::ptrdiff_t(sample.lanes.region[lane]) * cells + cell[lane]];
  }

  void retire(const Lanes&, int, std::uint64_t) override {}
  void report(RunStatistics& statistics) override { statistics.densities.push_back(counts_.take()); }

 private:
  /// slot[lane] = 0 below the range, 1 .. bins inside, bins + 1 above (or NaN, which no lane that counts holds).
  void find_slots(const R* theta, int axis, std::int32_t* slot) const {
    const double low = grid_.range[axis][0];
    const double bins_per_unit = grid_.bins[axis] / (grid_.range[axis][1] - low);
    const double last = grid_.bins[axis] + 1;
    const R* row = theta + grid_.axes[axis] * block_lanes;
    for (int lane = 0; lane < block_lanes; ++lane) {
      double position = (double(row[lane]) - low) * bins_per_unit + 1;
      position = position < last ? position : last;
      slot[lane] = std::int32_t(position > 0 ? position : 0);
    }
  }

  void find_cells(const R* theta, std::int32_t* cell) const {
    find_slots(theta, 0, cell);
    const int bins = grid_.bins[0];
    if (grid_.axes.size() == 1) {
      for (int lane = 0; lane < block_lanes; ++lane) {
        const std::int32_t slot = cell[lane];
        cell[lane] = slot == 0 ? bins : slot > bins ? bins + 1 : slot - 1;
      }
      return;
    }
    std::int32_t second[block_lanes];
    find_slots(theta, 1, second);
    const int second_bins = grid_.bins[1];
    for (int lane = 0; lane < block_lanes; ++lane) {
      const std::int32_t i = cell[lane] - 1, j = second[lane] - 1;
      const bool inside = i >= 0 && i < bins && j >= 0 && j < second_bins;
      cell[lane] = inside ? i * second_bins + j : bins * second_bins;
    }
  }

  DensityGrid grid_;
  RegionCounts counts_;
};

}  // namespace kramers::sde
