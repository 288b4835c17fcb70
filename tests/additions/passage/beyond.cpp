#include "sde/passages/passage_watcher.hpp"

namespace kramers::sde {
namespace {

/// The half-spaces come in pairs, two an axis: in one of each pair.
bool is_beyond(const std::vector<HalfSpace>& halves, const std::function<bool(const HalfSpace&)>& in) {
  for (std::size_t i = 0; i < halves.size(); i += 2)
    if (!in(halves[i]) && !in(halves[i + 1])) return false;
  return true;
}

/// Waits for a trajectory to be outside its range along every axis of a box at once, after a step.
template <Real R>
class Beyond final : public PassageWatcher<R> {
 public:
  using PassageWatcher<R>::PassageWatcher;

  void begin(const Lanes& lanes, const R* theta) override {
    double* passed = this->passed(lanes);
    for (int lane = 0; lane < block_lanes; ++lane) passed[lane] = is_there(theta, lane) ? this->never : this->waiting;
  }

  void watch(const WatchedStep<R>& step) override {
    double* passed = this->passed(step.lanes);
    for (int lane = 0; lane < block_lanes; ++lane)
      if (passed[lane] == this->waiting && is_there(step.after, lane)) passed[lane] = double(step.step);
  }

 private:
  bool is_there(const R* theta, int lane) const {
    return this->event().holds(
        [&](const HalfSpace& half) { return half.gap(theta[half.axis * block_lanes + lane]) <= 0; });
  }
};

}  // namespace

extern const PassageKind beyond{.key = "beyond",
                                .outward = true,
                                .words = "beyond",
                                .joint = " and ",
                                .holds = is_beyond,
                                .watch_single = watch<Beyond>,
                                .watch_double = watch<Beyond>};

}  // namespace kramers::sde
