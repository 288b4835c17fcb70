#include "sde/passages/passage_watcher.hpp"

namespace kramers::sde {
namespace {

/// Waits for a trajectory to be in all of several half-spaces at once, after a step.
template <Real R>
class Entry final : public PassageWatcher<R> {
 public:
  using PassageWatcher<R>::PassageWatcher;

  void begin(const Lanes& lanes, const R* theta) override {
    double* passed = this->passed(lanes);
    for (int lane = 0; lane < block_lanes; ++lane) passed[lane] = inside(theta, lane) ? this->never : this->waiting;
  }

  void watch(const WatchedStep<R>& step) override {
    double* passed = this->passed(step.lanes);
    for (int lane = 0; lane < block_lanes; ++lane)
      if (passed[lane] == this->waiting && inside(step.after, lane)) passed[lane] = double(step.step);
  }

 private:
  bool inside(const R* theta, int lane) const {
    for (const HalfSpace& half : this->event().half_spaces)
      if (half.gap(theta[half.axis * block_lanes + lane]) > 0) return false;
    return true;
  }
};

}  // namespace

extern const PassageKind entry{
    .key = "inside",
    .words = "in",
    .joint = " and ",
    .holds = [](const auto& halves, const auto& in) { return std::ranges::all_of(halves, in); },
    .watch_single = watch<Entry>,
    .watch_double = watch<Entry>};

}  // namespace kramers::sde
