#pragma once

#include <mutex>
#include <vector>

#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// Counts per (start group and part of time, replicate, cell), gathered by threads that each work on a few replicates
/// at a time in a buffer of their own, small enough for a cache.
class RegionCounts {
 public:
  RegionCounts(const EnsemblePlan& plan, int cells, int threads)
      : groups_(plan.groups()), total_(groups_ * time_parts, plan.replicates(), cells), buffers_(threads) {}

  /// The thread's counters for a block and a part of time: of each region, and of one more for lanes that do not count,
  /// the first cell; from region to region it is a stride.
  std::uint64_t* counters(int thread, const Lanes& lanes, int part) {
    Buffer& buffer = buffers_[thread];
    if (buffer.first_replicate != lanes.first_replicate || buffer.last_replicate != lanes.last_replicate) {
      flush(buffer);
      buffer.first_replicate = lanes.first_replicate;
      buffer.last_replicate = lanes.last_replicate;
      buffer.at.assign(std::size_t(lanes.region_count() + 1) * stride(), 0);
    }
    return buffer.at.data() + std::ptrdiff_t(part) * total_.cells;
  }
  int stride() const { return time_parts * total_.cells; }

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
      for (int group = 0; group < groups_ * time_parts; ++group)
        for (int cell = 0; cell < total_.cells; ++cell) total_(group, replicate, cell) += *count++;
    buffer.last_replicate = buffer.first_replicate - 1;
  }

  int groups_;  // of start points
  Counts total_;
  std::vector<Buffer> buffers_;
  std::mutex mutex_;
};

}  // namespace kramers::sde
