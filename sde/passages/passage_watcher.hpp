#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "sde/ensemble_plan.hpp"
#include "sde/lanes.hpp"

namespace kramers::sde {

/// One block before and after one step.
template <Real R>
struct WatchedStep {
  const Lanes& lanes;
  std::uint64_t step;  // number of the step, from 1: `after` is the state after so many
  const R* before;     // theta, d rows
  const R* after;
};

/// Sees every step of every block, and keeps for each trajectory the step of its first passage until it retires.
/// Blocks come from several threads, each block from one thread at a time and in step order.
template <Real R>
class PassageWatcher {
 public:
  PassageWatcher(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const PassageEvent& event)
      : landscape_(landscape), event_(event), kept_(plan.blocks_here() * event.rows() * block_lanes) {
    const auto counts = [&](int cells) { return Counts(event.origins(plan.minima), plan.replicates(), cells); };
    counts_ = {event.steps_per_bin,
               counts(1),
               counts(1),
               counts(event.bins + 1),
               counts(event.bins + 1),
               counts(event.destinations(plan.minima))};
  }
  virtual ~PassageWatcher() = default;

  /// Before the first step.
  virtual void begin(const Lanes& lanes, const R* theta) = 0;
  virtual void watch(const WatchedStep<R>& step) = 0;

  /// The lane's trajectory ends here: what it did after step `last`, the last good one, does not count.
  void retire(const Lanes& lanes, int lane, std::uint64_t last, bool diverged) {
    const double first_passage = passed(lanes)[lane];
    if (first_passage == never) return;
    const std::lock_guard lock(mutex_);
    const int replicate = lanes.replicate[lane], from = event_.tells_basins() ? int(origin(lanes)[lane]) : 0;
    const bool has_passed = first_passage > 0 && first_passage <= double(last);
    const std::uint64_t waited = has_passed ? std::uint64_t(first_passage) : last;
    ++counts_.trajectories(from, replicate, 0);
    counts_.exposure(from, replicate, 0) += waited;
    if (has_passed) {
      ++counts_.passed(from, replicate, event_.bin(waited));
      if (event_.tells_basins()) {
        const int to = int(destination(lanes)[lane]);
        ++counts_.destinations(from, replicate, to < 0 ? counts_.destinations.cells - 1 : to);
      }
    } else if (diverged) {
      ++counts_.lost(from, replicate, event_.bin(waited));
    }
  }

  /// Adds what it has to the statistics; it may go on watching.
  void report(RunStatistics& statistics) const { statistics.passages.push_back(counts_); }

  /// The rows of a block that it keeps of each trajectory until that retires.
  std::span<double> kept(std::uint64_t block) {
    return std::span(kept_).subspan(block * event_.rows() * block_lanes, std::size_t(event_.rows()) * block_lanes);
  }

 protected:
  static constexpr double waiting = 0, never = -1;  // instead of the step of the first passage

  double* passed(const Lanes& lanes) { return kept(lanes.block).data(); }
  double* origin(const Lanes& lanes) { return passed(lanes) + block_lanes; }
  double* destination(const Lanes& lanes) { return passed(lanes) + 2 * block_lanes; }
  const BlockLandscape<R>& landscape() const { return landscape_; }
  const PassageEvent& event() const { return event_; }

 private:
  const BlockLandscape<R>& landscape_;
  const PassageEvent event_;
  std::vector<double> kept_;  // per block: the step of passage and, where basins are left, from which and to which
  PassageCounts counts_;
  std::mutex mutex_;
};

/// The MakeWatcher of a kind.
template <template <Real> class Watcher, Real R>
std::unique_ptr<PassageWatcher<R>> watch(const BlockLandscape<R>& landscape, const EnsemblePlan& plan,
                                         const PassageEvent& event) {
  return std::make_unique<Watcher<R>>(landscape, plan, event);
}

/// One for each event of the plan.
template <Real R>
std::vector<std::unique_ptr<PassageWatcher<R>>> make_watchers(const BlockLandscape<R>& landscape,
                                                              const EnsemblePlan& plan);

}  // namespace kramers::sde
