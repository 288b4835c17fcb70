#pragma once

#include "analysis/experiment/experiment.hpp"

namespace kramers::analysis {

/// Which moments the law of theta has. Stable noise of index alpha gives every step, whatever the landscape, tails in
/// which moments of order alpha and above are infinite: no variance, and no mean for alpha <= 1. What is quadratic in
/// theta, as the loss may be and a temperature is, has no mean there.
struct ExistingMoments {
  bool mean = true, variance = true;
};

ExistingMoments existing_moments(const Experiment& experiment);

}  // namespace kramers::analysis
