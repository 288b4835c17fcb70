#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "sde/course.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::sde {

/// The schemes of the steps of a window, where they differ from step to step: one for each stage of the course. Made
/// once, for all blocks and threads.
template <Real R>
class SchemeWindow {
 public:
  /// Steps that a window has at most: enough to pay for a pass over all blocks, few enough to stay in memory.
  static constexpr std::uint64_t longest = 1 << 14;

  struct Stage {
    std::uint64_t end;
    std::unique_ptr<BlockScheme<R>> scheme;
  };

  /// The steps first .. last - 1 of a scheme, with its noise, which must outlive this.
  SchemeWindow(const Course& course, const BlockScheme<R>& scheme, std::uint64_t first, std::uint64_t last) {
    const std::shared_ptr<const BlockNoise<R>> noise(std::shared_ptr<void>(), scheme.noise());  // not owned
    for (std::uint64_t step = first; step < last;) {
      const Course::Stage stage = course.stage(step);
      stages_.push_back({stage.end, make_scheme<R>(scheme.facts().name, stage.parameters, noise)});
      step = stage.end;
    }
  }

  const Stage& at(std::uint64_t step) const { return *std::ranges::upper_bound(stages_, step, {}, &Stage::end); }

 private:
  std::vector<Stage> stages_;
};

}  // namespace kramers::sde
