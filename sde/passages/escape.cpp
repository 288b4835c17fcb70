#include "sde/passages/passage_watcher.hpp"

namespace kramers::sde {
namespace {

/// Waits for a trajectory to be, after a step, in another basin than the one that it started in. What starts in no
/// known basin does not take part.
template <Real R>
class Escape final : public PassageWatcher<R> {
 public:
  using PassageWatcher<R>::PassageWatcher;

  void begin(const Lanes& lanes, const R* theta) override {
    std::int32_t basin[block_lanes];
    this->landscape().basins()->of(theta, basin);
    double *passed = this->passed(lanes), *origin = this->origin(lanes);
    for (int lane = 0; lane < block_lanes; ++lane) {
      passed[lane] = basin[lane] < 0 ? this->never : this->waiting;
      origin[lane] = basin[lane];
    }
  }

  void watch(const WatchedStep<R>& step) override {
    std::int32_t basin[block_lanes];
    this->landscape().basins()->of(step.after, basin);
    double *passed = this->passed(step.lanes), *origin = this->origin(step.lanes);
    for (int lane = 0; lane < block_lanes; ++lane)
      if (passed[lane] == this->waiting && basin[lane] != origin[lane]) {
        passed[lane] = double(step.step);
        this->destination(step.lanes)[lane] = basin[lane];
      }
  }
};

}  // namespace

extern const PassageKind escape{.key = "basin",
                                .word = "leaves",
                                .words = "leaves its basin",
                                .tells_basins = true,
                                .holds = [](const auto&, const auto&) { return false; },  // it depends on the start
                                .watch_single = watch<Escape>,
                                .watch_double = watch<Escape>};

}  // namespace kramers::sde
