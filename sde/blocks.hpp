#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "sde/numbers/aligned.hpp"
#include "sde/observers/observer.hpp"
#include "sde/passages/passage_watcher.hpp"
#include "sde/restart.hpp"

namespace kramers::sde {

/// The ensemble, or the plan's part of it, between two steps: the state of every block and what its observers and
/// watchers have seen. Blocks are numbered from 0, whatever part they are; each is one thread's at a time.
template <Real R>
class Blocks final : public EnsembleState {
 public:
  /// At the start. `state_rows`: of the coordinates and of what the scheme keeps.
  Blocks(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, int state_rows, int threads);
  /// A block's initial state.
  void start(std::uint64_t block, const InitialStates& initial);
  /// The blocks, once they are started, go on where a state says.
  void go_on_from(const EnsembleState& state, bool counts_too);

  std::uint64_t count() const { return lanes_.size(); }
  int state_numbers() const { return state_numbers_; }
  R* state(std::uint64_t block) { return state_.data() + block * state_numbers_; }
  const Lanes& lanes(std::uint64_t block) const { return lanes_[block]; }
  std::uint64_t& steps(std::uint64_t block) { return steps_[block]; }  // that the block has made
  std::uint64_t least_step() const;
  auto& observers() { return observers_; }
  auto& watchers() { return watchers_; }

  /// The lane's trajectory has diverged: it counts no more.
  void drop(std::uint64_t block, int lane, std::uint64_t samples, Divergence divergence);
  std::uint64_t diverged() const { return diverged_ + (before_ ? before_->diverged : 0); }

  /// After the last step: all trajectories retire.
  RunStatistics finish();

  std::vector<Stretch> outline() const override;
  RunStatistics statistics() const override;
  void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const override;

 private:
  Piece piece(const Stretch& at) const;
  void place(const Piece& piece, std::uint64_t t, std::uint64_t block, int lane);
  void silence(std::uint64_t block, int lane);
  template <class F>
  void for_each_sums(std::uint64_t block, F f) const;
  std::uint64_t summed_rows() const;
  void add_yield(RunStatistics& statistics) const;

  const EnsemblePlan& plan_;
  const int dim_, state_numbers_;
  AlignedVector<R> state_;
  std::vector<Lanes> lanes_;
  std::vector<std::uint64_t> steps_;
  std::vector<std::unique_ptr<Observer<R>>> observers_;
  std::vector<std::unique_ptr<PassageWatcher<R>>> watchers_;
  std::mutex mutex_;
  std::uint64_t diverged_ = 0;
  std::map<std::uint64_t, Divergence> divergences_;
  std::optional<RunStatistics> before_;  // what the state yielded that this goes on from
};

}  // namespace kramers::sde
