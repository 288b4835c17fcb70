#pragma once

#include <mutex>
#include <vector>

#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// Counts per (group, replicate, cell), gathered by threads that each work on a few replicates at a time in a buffer of
/// their own, small enough for a cache.
class RegionCounts {
 public:
  RegionCounts(const EnsemblePlan& plan, int cells, int threads)
      : total_(plan.groups(), plan.replicates(), cells), buffers_(threads) {}

  /// The thread's counters for a block: a row of cells per region, one more row for lanes that do not count.
  std::uint64_t* counters(int thread, const Lanes& lanes) {
    Buffer& buffer = buffers_[thread];
    if (buffer.first_replicate != lanes.first_replicate || buffer.last_replicate != lanes.last_replicate) {
      flush(buffer);
      buffer.first_replicate = lanes.first_replicate;
      buffer.last_replicate = lanes.last_replicate;
      buffer.at.assign(std::size_t(lanes.region_count() + 1) * total_.cells, 0);
    }
    return buffer.at.data();
  }

  Counts so_far() {
    for (Buffer& buffer : buffers_) flush(buffer);
    return total_;
  }

 private:
  struct Buffer {
    int first_replicate = 0, last_replicate = -1;
    std::vector<std::uint64_t> at;
  };

  void flush(Buffer& buffer) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t* count = buffer.at.data();
    for (int replicate = buffer.first_replicate; replicate <= buffer.last_replicate; ++replicate)
      for (int group = 0; group < total_.groups; ++group)
        for (int cell = 0; cell < total_.cells; ++cell) total_(group, replicate, cell) += *count++;
    buffer.last_replicate = buffer.first_replicate - 1;
  }

  Counts total_;
  std::vector<Buffer> buffers_;
  std::mutex mutex_;
};

}  // namespace kramers::sde
