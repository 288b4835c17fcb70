#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// One experiment as read from its tables (no sweep), and what is still open: ranges that the user left to us are
/// common to all runs of a sweep and can only be found when all are known.
struct Draft {
  Experiment experiment;
  std::shared_ptr<const landscapes::Landscape> landscape;  // null when its parameters are wrong
  std::shared_ptr<const landscapes::GradientNoise> noise;  // null when it is wrong, or a temperature is given instead
  std::vector<std::string> density_where;                  // of each density; a range not given is empty
  std::uint64_t run = 0, runs = 1;                         // which of the sweep it is
};

}  // namespace kramers::analysis
