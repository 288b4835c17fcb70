#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <mutex>
#include <numeric>
#include <thread>

#include "sde/device/ensemble.hpp"

namespace kramers::sde {
namespace {

/// The states of parts that stand still, as one.
struct StateOfParts final : EnsembleState {
  std::vector<const EnsembleState*> parts;

  std::vector<Stretch> outline() const override {
    std::vector<Stretch> all;
    for (const EnsembleState* part : parts) std::ranges::copy(part->outline(), std::back_inserter(all));
    return all;
  }
  RunStatistics statistics() const override {
    RunStatistics all = parts[0]->statistics();
    for (std::size_t i = 1; i < parts.size(); ++i) all.merge(parts[i]->statistics());
    return all;
  }
  void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const override {
    for (const EnsembleState* part : parts) part->visit(first, last, take);
  }
};

/// Where the threads of the parts wait for each other: the first one takes the state of all, for which the others stand
/// still, and nobody ends, and takes its state away, before all are at the end.
class Meeting {
 public:
  Meeting(std::size_t parts, const Restart& restart, const Monitor& monitor)
      : restart_(restart), monitor_(monitor), steps_(parts), diverged_(parts) {
    state_.parts.resize(parts);
  }

  /// Between two slabs of a part.
  void pass(std::size_t part, const EnsembleState& state) {
    std::unique_lock lock(mutex_);
    state_.parts[part] = &state;
    if (part == 0) {
      take_if_wanted(lock);
    } else if (called_) {
      stand(lock, [&] { return !called_; });
    }
  }

  /// After the last step of a part.
  void end(std::size_t part, const EnsembleState& state) {
    std::unique_lock lock(mutex_);
    state_.parts[part] = &state;
    ++ended_;
    if (part != 0) return stand(lock, [&] { return over_; });
    while (ended_ < state_.parts.size() && !stopped_) {
      changed_.wait_for(lock, std::chrono::milliseconds(50));
      take_if_wanted(lock);
      if (!ask_monitor() && ended_ < state_.parts.size()) stopped_ = true;
    }
    if (!stopped_) ask_monitor();  // it hears of the last steps of all; there is nothing left to stop
    if (!stopped_ && restart_.last) restart_.last(state_);
    over_ = true;
    changed_.notify_all();
  }

  /// What a part has done; false where all are to stop. The monitor is asked by the first part's thread alone.
  bool hear(std::size_t part, std::uint64_t steps, std::uint64_t diverged) {
    const std::lock_guard lock(mutex_);
    steps_[part] = steps;
    diverged_[part] = diverged;
    changed_.notify_all();
    if (part == 0 && !ask_monitor()) stopped_ = true;
    return !stopped_;
  }

  /// Somebody has failed or was told to stop: nobody waits any more.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  bool stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  template <class Until>
  void stand(std::unique_lock<std::mutex>& lock, Until until) {
    ++standing_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return stopped_ || until(); });
    --standing_;
  }

  bool ask_monitor() const {
    return !monitor_ || monitor_(*std::min_element(steps_.begin(), steps_.end()),
                                 std::accumulate(diverged_.begin(), diverged_.end(), std::uint64_t(0)));
  }

  void take_if_wanted(std::unique_lock<std::mutex>& lock) {
    if (!restart_.wants || !restart_.wants()) return;
    called_ = true;
    changed_.wait(lock, [&] { return stopped_ || standing_ == state_.parts.size() - 1; });
    if (!stopped_) restart_.take(state_);
    called_ = false;
    changed_.notify_all();
  }

  const Restart& restart_;
  const Monitor& monitor_;
  StateOfParts state_;
  std::vector<std::uint64_t> steps_, diverged_;  // by part
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t standing_ = 0, ended_ = 0;  // standing: of the parts after the first
  bool called_ = false, over_ = false, stopped_ = false;
};

}  // namespace

template <Real R>
std::optional<RunStatistics> simulate(const std::vector<std::unique_ptr<DeviceProgram<R>>>& programs,
                                      const EnsemblePlan& plan, const Monitor& monitor, const Restart& restart) {
  const std::size_t count = programs.size();
  if (count == 1) return simulate<R>(*programs[0], plan, monitor, restart);
  std::vector<std::optional<RunStatistics>> parts(count);
  std::vector<std::exception_ptr> failures(count);
  Meeting meeting(count, restart, monitor);
  const auto run_part = [&](std::size_t i) {
    EnsemblePlan part = plan;
    part.part = {plan.part.index * count + i, plan.part.count * count};
    const Restart of_part{.from = restart.from,
                          .counts_too = restart.counts_too && i == 0,
                          .wants = [] { return true; },
                          .take = [&](const EnsembleState& state) { meeting.pass(i, state); },
                          .last = [&](const EnsembleState& state) { meeting.end(i, state); },
                          .last_looks_at_states = restart.keeps_final_states(),
                          .longest_slab = restart.longest_slab};
    const auto go_on = [&](std::uint64_t steps, std::uint64_t diverged) { return meeting.hear(i, steps, diverged); };
    try {
      parts[i] = simulate<R>(*programs[i], part, go_on, of_part);
    } catch (...) {
      failures[i] = std::current_exception();
    }
    if (!parts[i]) meeting.stop();
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < count; ++i) others.emplace_back(run_part, i);
  run_part(0);
  for (std::jthread& other : others) other.join();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  if (meeting.stopped()) return std::nullopt;
  for (std::size_t i = 1; i < count; ++i) parts[0]->merge(*parts[i]);
  return std::move(parts[0]);
}

template std::optional<RunStatistics> simulate(const std::vector<std::unique_ptr<DeviceProgram<float>>>&,
                                               const EnsemblePlan&, const Monitor&, const Restart&);
template std::optional<RunStatistics> simulate(const std::vector<std::unique_ptr<DeviceProgram<double>>>&,
                                               const EnsemblePlan&, const Monitor&, const Restart&);

}  // namespace kramers::sde
