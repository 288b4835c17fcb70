#pragma once

#include <string>

#include "sde/device/slab.hpp"
#include "sde/exact_sum.hpp"
#include "sde/statistics.hpp"

namespace kramers::sde {

/// What a slice of a replicate's trajectories yields, beside its sums.
struct SliceYield {
  std::uint64_t samples, final_state_hash;
};

/// Job of a device: sums over trajectories, by replicate. A replicate is dealt out to `slices` threads for each
/// quantity, and to as many for what is no quantity; sums are exact, so they may be put together in any order.
template <Real R>
struct GatherYield {
  Slab<R> slab;  // its arrays
  int dim, quantities, slices;
  bool at_end;         // of all trajectories; else of those that diverged
  ExactSum* sums;      // [replicate][quantity][slice]
  SliceYield* yields;  // [replicate][slice]

  std::string name() const { return "summing over trajectories"; }
  std::uint64_t count = std::uint64_t(slab.replicates) * (quantities + 1) * slices;

  KRAMERS_HOST_DEVICE void operator()(std::uint64_t thread) const {
    const auto slice = std::uint64_t(thread % slices);
    const auto quantity = int(thread / slices % (quantities + 1));
    const auto replicate = int(thread / slices / (quantities + 1));
    const std::uint64_t begin = clipped(first_of_replicate(replicate, slab.trajectories));
    const std::uint64_t end = clipped(first_of_replicate(replicate + 1, slab.trajectories));
    if (quantity == quantities) {
      SliceYield sum{};
      for (std::uint64_t t = begin + slice; t < end; t += slices) add(t, sum);
      yields[replicate * slices + slice] = sum;
    } else {
      ExactSum sum;
      for (std::uint64_t t = begin + slice; t < end; t += slices)
        if (counts(t)) sum.add(slab.sums[quantity * slab.count + t]);
      sums[(std::uint64_t(replicate) * quantities + quantity) * slices + slice] = sum;
    }
  }

 private:
  /// The trajectory's place in this chunk.
  KRAMERS_HOST_DEVICE std::uint64_t clipped(std::uint64_t trajectory) const {
    if (trajectory < slab.first_trajectory) return 0;
    const std::uint64_t t = trajectory - slab.first_trajectory;
    return t < slab.count ? t : slab.count;
  }
  KRAMERS_HOST_DEVICE bool counts(std::uint64_t t) const {
    const std::uint64_t lost = slab.lost[t];
    return lost == 0 ? at_end : lost != lost_before;
  }
  KRAMERS_HOST_DEVICE void add(std::uint64_t t, SliceYield& to) const {
    if (!counts(t)) return;
    if (slab.lost[t] != 0) {
      to.samples += slab.events.samples_until(slab.sound[t]);
      return;
    }
    to.samples += slab.events.samples_until(slab.events.total_steps);
    to.final_state_hash +=
        state_hash(slab.first_trajectory + t, dim, [&](int i) { return slab.theta[i * slab.count + t]; });
  }
};

}  // namespace kramers::sde
