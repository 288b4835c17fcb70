#include <limits>

#include "sde/passages/passage_watcher.hpp"
#include "sde/random/box_muller.hpp"
#include "sde/random/random_engine.hpp"

namespace kramers::sde {
namespace {

/// Waits for a trajectory to enter any of several half-spaces. A chain that is looked at after steps alone sees the
/// boundary late, as if it lay 0.5826 standard deviations of a step's noise further out (Siegmund, Adv. Appl. Probab.
/// 11 (1979) 701). With a bridge, the path from state to state is the Brownian bridge that drift and additive noise
/// make it, up to O(h): of two states on this side of b it has crossed b with probability
///
///     P = exp(-2 (b - x)(b - x') / v),   v = 2 T h the variance of the noise of one step
///
/// (Baldi, Ann. Probab. 23 (1995) 1644; Gobet, Stoch. Proc. Appl. 87 (2000) 167), that is, where a uniform number is
/// <= P. Half-spaces on the same side of the same axis share the number: it stands for the bridge's extreme, so that
/// who crosses the farther boundary has crossed the nearer.
template <Real R>
class Crossing final : public PassageWatcher<R> {
 public:
  Crossing(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const PassageEvent& event)
      : PassageWatcher<R>(landscape, plan, event),
        stream_{plan.seed, plan.run, Purpose::bridge},
        per_gaps_(event.bridge ? 2 / plan.step_variance : std::numeric_limits<double>::infinity()) {}

  void begin(const Lanes& lanes, const R* theta) override {
    double* passed = this->passed(lanes);
    std::fill_n(passed, block_lanes, this->waiting);
    for (const HalfSpace& half : this->event().half_spaces)
      for (int lane = 0; lane < block_lanes; ++lane)
        if (!(half.gap(theta[half.axis * block_lanes + lane]) > 0)) passed[lane] = this->never;
  }

  void watch(const WatchedStep<R>& step) override {
    double* passed = this->passed(step.lanes);
    alignas(64) double exponent[block_lanes];  // -ln P
    for (const HalfSpace& half : this->event().half_spaces) {
      if (!any_near(half, step, passed, exponent)) continue;
      for (int lane = 0; lane < block_lanes; ++lane)
        if (passed[lane] == this->waiting && exponent[lane] < certainly_not &&
            uniform(half, step, lane) <= exp(-exponent[lane]))
          passed[lane] = double(step.step);
    }
  }

 private:
  static constexpr double certainly_not = 37;  // exp(-37) < 2^-53: no uniform number is as small

  /// Whether any that waits may have crossed.
  bool any_near(const HalfSpace& half, const WatchedStep<R>& step, const double* passed, double* exponent) const {
    const R* before = step.before + half.axis * block_lanes;
    const R* after = step.after + half.axis * block_lanes;
    const double sign = half.above ? 1 : -1, at = half.at, per_gaps = per_gaps_;
    int near = 0;
    for (int lane = 0; lane < block_lanes; ++lane) {
      const double gap_before = sign * (at - before[lane]), gap_after = sign * (at - after[lane]);
      exponent[lane] = gap_after > 0 ? per_gaps * gap_before * gap_after : 0;
      near |= int(passed[lane] == 0) & int(exponent[lane] < certainly_not);
    }
    return near != 0;
  }

  /// In (0, 1]. A call a step (< 2^50) and axis; of its two numbers one is for either side.
  double uniform(const HalfSpace& half, const WatchedStep<R>& step, int lane) const {
    const std::uint64_t call = step.step | std::uint64_t(half.axis) << 50;
    const auto words =
        philox(counter_of(stream_, step.lanes.first_trajectory + lane, call), PhiloxKey::of_seed(stream_.seed));
    const int first = half.above ? 0 : 2;
    return uniform_above_zero<double>(std::uint64_t(words[first]) << 32 | words[first + 1]);
  }

  const Stream stream_;
  const double per_gaps_;  // P = exp(-per_gaps gap gap')
};

}  // namespace

const PassageKind crossing{.key = "outside",
                           .outward = true,
                           .words = "outside",
                           .joint = " or ",
                           .has_bridge = true,
                           .holds = [](const auto& halves, const auto& in) { return std::ranges::any_of(halves, in); },
                           .watch_single = watch<Crossing>,
                           .watch_double = watch<Crossing>};

}  // namespace kramers::sde
