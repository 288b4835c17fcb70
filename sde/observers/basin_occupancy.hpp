#pragma once

#include "sde/observers/region_counts.hpp"

namespace kramers::sde {

/// Samples in the basin of each minimum, and in none: of each phase of the course, if there is one, and of all; and how
/// often a trajectory was in another basin than at the last sample that had one.
template <Real R>
class BasinOccupancy final : public Observer<R> {
 public:
  BasinOccupancy(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, int threads)
      : landscape_(landscape),
        minima_(plan.minima),
        phases_(plan.phases()),
        counts_(plan, (phases_ + 1) * (minima_ + 1), threads),
        transitions_(threads, Counts(1, plan.replicates(), minima_ * minima_)),
        before_(plan.blocks_here() * block_lanes) {}

  void observe(const Sample<R>& sample) override {
    std::int32_t minimum[block_lanes];
    landscape_.basins()->of(sample.theta, minimum);
    std::uint64_t* counters = counts_.counters(sample.thread, sample.lanes, sample.part);
    counters += (sample.phase < 0 ? phases_ : sample.phase) * (minima_ + 1);
    const std::ptrdiff_t stride = counts_.stride();
    for (int lane = 0; lane < block_lanes; ++lane)
      ++counters[sample.lanes.region[lane] * stride + (minimum[lane] < 0 ? minima_ : minimum[lane])];

    double* before = before_.data() + sample.lanes.block * block_lanes;
    int changes = 0;  // seldom any: a loop without branches to find out
    for (int lane = 0; lane < block_lanes; ++lane) changes |= int(minimum[lane] + 1 != int(before[lane]));
    if (changes == 0) return;
    for (int lane = 0; lane < block_lanes; ++lane) {
      const double now = minimum[lane] + 1;
      if (now == before[lane] || now == 0) continue;
      if (before[lane] > 0 && sample.lanes.alive[lane])
        ++transitions_[sample.thread](0, sample.lanes.replicate[lane],
                                      (int(before[lane]) - 1) * minima_ + minimum[lane]);
      before[lane] = now;
    }
  }

  void retire(const Lanes&, int, std::uint64_t) override {}

  void report(RunStatistics& statistics) override {
    const Counts counts = counts_.so_far();
    statistics.basins = Counts(counts.groups, counts.replicates, minima_ + 1);
    if (phases_ > 0) statistics.phase_basins = Counts(counts.groups, counts.replicates, phases_ * (minima_ + 1));
    for (int group = 0; group < counts.groups; ++group)
      for (int g = 0; g < counts.replicates; ++g)
        for (int cell = 0; cell < counts.cells; ++cell) {
          statistics.basins(group, g, cell % (minima_ + 1)) += counts(group, g, cell);
          if (cell < phases_ * (minima_ + 1)) statistics.phase_basins(group, g, cell) = counts(group, g, cell);
        }
    statistics.transitions = Counts(1, counts.replicates, minima_ * minima_);
    for (const Counts& of_thread : transitions_)
      for (std::size_t i = 0; i < of_thread.at.size(); ++i) statistics.transitions.at[i] += of_thread.at[i];
  }

  std::span<double> sums(std::uint64_t block) override {
    return std::span(before_).subspan(block * block_lanes, block_lanes);
  }

 private:
  const BlockLandscape<R>& landscape_;
  int minima_, phases_;
  RegionCounts counts_;
  std::vector<Counts> transitions_;  // of each thread
  std::vector<double> before_;       // 1 + the minimum in whose basin each trajectory was; 0: in none yet
};

}  // namespace kramers::sde
