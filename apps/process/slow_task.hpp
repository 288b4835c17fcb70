#pragma once

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "analysis/study/study.hpp"

namespace kramers::apps {

/// While it lives: says on standard error what takes long, after a second and then every ten.
class SlowTask {
 public:
  explicit SlowTask(const std::string& what) : thread_([this, what](std::stop_token stop) { watch(what, stop); }) {}
  SlowTask(const SlowTask&) = delete;

  /// For a task of several parts, before each of them.
  void part(int index, int count) {
    index_ = index;
    count_ = count;
  }

 private:
  void watch(const std::string& what, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    for (auto wait = std::chrono::seconds(1);; wait = std::chrono::seconds(10)) {
      never.wait_for(lock, stop, wait, [] { return false; });
      if (stop.stop_requested()) return;
      const std::string part = count_ > 1 ? fmt::format(", run {} of {}", index_ + 1, int(count_)) : "";
      std::fprintf(stderr, "kramers: %s%s\n", what.c_str(), part.c_str());
    }
  }

  std::atomic<int> index_ = 0, count_ = 1;
  std::jthread thread_;  // the last member: it uses the others
};

inline std::vector<analysis::StudiedRun> prepare(const analysis::ExperimentFile& file) {
  SlowTask task("preparing what theory knows");
  return analysis::prepare(file, [&](int run, int runs) { task.part(run, runs); });
}

}  // namespace kramers::apps
