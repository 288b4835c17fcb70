#pragma once

#include <cstdint>

#include "sde/numbers/number.hpp"

namespace kramers::sde {

/// Divergence is looked for at every sample and after every guard_interval-th step.
inline constexpr std::uint64_t guard_interval = 32;

/// After which steps something is looked at. They depend on the plan alone, so that nothing depends on how a run is cut
/// into slabs. Samples lie after steps burn_in + j * sample_every, j >= 1.
struct Events {
  std::uint64_t burn_in, total_steps, sample_every;

  KRAMERS_HOST_DEVICE bool is_sample(std::uint64_t step) const {
    return step > burn_in && (step - burn_in) % sample_every == 0;
  }
  KRAMERS_HOST_DEVICE bool is_event(std::uint64_t step) const {
    return is_sample(step) || step % guard_interval == 0 || step == total_steps;
  }
  /// The first sample or look for divergence after this step.
  KRAMERS_HOST_DEVICE std::uint64_t next(std::uint64_t step) const {
    const std::uint64_t sample = burn_in + (samples_until(step) + 1) * sample_every;
    const std::uint64_t look = (step / guard_interval + 1) * guard_interval;
    return sample < look ? sample : look;
  }
  /// Samples after at most this many steps.
  KRAMERS_HOST_DEVICE std::uint64_t samples_until(std::uint64_t step) const {
    return step < burn_in ? 0 : (step - burn_in) / sample_every;
  }
};

}  // namespace kramers::sde
