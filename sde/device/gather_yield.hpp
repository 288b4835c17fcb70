#pragma once

#include <string>

#include "sde/device/slab.hpp"
#include "sde/numbers/exact_sum.hpp"
#include "sde/statistics.hpp"

namespace kramers::sde {

/// What a slice of a replicate's trajectories yields, beside its sums.
struct SliceYield {
  std::uint64_t samples[time_parts], final_state_hash;
};

/// Job of a device: sums over trajectories, by start group and replicate. A replicate is dealt out to `slices` threads
/// for each start group and quantity, and to as many for what is no quantity; sums are exact, so they may be put
/// together in any order.
template <Real R>
struct GatherYield {
  Slab<R> slab;  // its arrays
  int dim, groups, quantities, slices;
  bool at_end;         // of all trajectories; else of those that diverged
  ExactSum* sums;      // [start group][replicate][quantity][slice]
  SliceYield* yields;  // [start group][replicate][slice]

  std::string name() const { return "summing over trajectories"; }
  std::uint64_t count = std::uint64_t(groups) * slab.replicates * (quantities + 1) * slices;

  KRAMERS_HOST_DEVICE void operator()(std::uint64_t thread) const {
    const auto slice = std::uint64_t(thread % slices);
    const auto quantity = int(thread / slices % (quantities + 1));
    const std::uint64_t region = thread / slices / (quantities + 1);
    const auto replicate = int(region % slab.replicates), group = int(region / slab.replicates);
    const std::uint64_t begin = clipped(first_of_replicate(replicate, slab.trajectories));
    const std::uint64_t end = clipped(first_of_replicate(replicate + 1, slab.trajectories));
    if (quantity == quantities) {
      SliceYield sum{};
      for (std::uint64_t t = begin + slice; t < end; t += slices)
        if (counts(t, group)) add(t, sum);
      yields[region * slices + slice] = sum;
    } else {
      ExactSum sum;
      for (std::uint64_t t = begin + slice; t < end; t += slices)
        if (counts(t, group)) add(t, quantity, sum);
      sums[(region * quantities + quantity) * slices + slice] = sum;
    }
  }

 private:
  /// The trajectory's place in this chunk.
  KRAMERS_HOST_DEVICE std::uint64_t clipped(std::uint64_t trajectory) const {
    if (trajectory < slab.first_trajectory) return 0;
    const std::uint64_t t = trajectory - slab.first_trajectory;
    return t < slab.count ? t : slab.count;
  }
  KRAMERS_HOST_DEVICE bool counts(std::uint64_t t, int group) const {
    const std::uint64_t lost = slab.lost[t];
    return (lost == 0 ? at_end : lost != lost_before) && slab.group(slab.first_trajectory + t) == group;
  }
  KRAMERS_HOST_DEVICE std::uint64_t samples_of(std::uint64_t t) const {
    return slab.lost[t] != 0 ? slab.events.samples_until(slab.sound[t]) : slab.samples();
  }
  /// A quantity of a part of time takes in those parts of what the trajectory has seen that lie in it.
  KRAMERS_HOST_DEVICE void add(std::uint64_t t, int quantity, ExactSum& to) const {
    const int first = slab.rows.first_of(quantity);
    if (!slab.rows.has_parts(quantity)) {
      to.add(slab.sums[quantity * slab.count + t]);
      return;
    }
    for (int part = 0; part < time_parts; ++part)
      if (part_in_longer(part, samples_of(t), slab.samples()) == quantity - first)
        to.add(slab.sums[(first + part) * slab.count + t]);
  }
  KRAMERS_HOST_DEVICE void add(std::uint64_t t, SliceYield& to) const {
    const std::uint64_t samples = samples_of(t);
    for (int part = 0; part < time_parts; ++part)
      to.samples[part_in_longer(part, samples, slab.samples())] += samples_of_part(part, samples);
    if (slab.lost[t] != 0) return;
    to.final_state_hash +=
        state_hash(slab.first_trajectory + t, dim, [&](int i) { return slab.theta[i * slab.count + t]; });
  }
};

}  // namespace kramers::sde
