#include "sde/blocks.hpp"

#include <algorithm>
#include <stdexcept>

namespace kramers::sde {

template <Real R>
Blocks<R>::Blocks(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, int state_rows, int threads)
    : plan_(plan),
      dim_(landscape.dim()),
      state_numbers_(state_rows * block_lanes),
      state_(plan.blocks_here() * state_numbers_),
      lanes_(plan.blocks_here()),
      steps_(plan.blocks_here()),
      observers_(make_observers(landscape, plan, threads)),
      watchers_(make_watchers(landscape, plan)) {}

template <Real R>
void Blocks<R>::start(std::uint64_t block, const InitialStates& initial) {
  Lanes& lanes = lanes_[block];
  lanes.block = block;
  lanes.first_trajectory = (plan_.first_block() + block) * block_lanes;
  lanes.groups = plan_.groups();
  const std::uint64_t last = std::min(lanes.first_trajectory + block_lanes, plan_.trajectories) - 1;
  lanes.first_replicate = plan_.replicate(lanes.first_trajectory);
  lanes.last_replicate = plan_.replicate(last);
  for (int lane = 0; lane < block_lanes; ++lane) {
    const std::uint64_t trajectory = lanes.first_trajectory + lane;
    lanes.alive[lane] = trajectory <= last;
    lanes.replicate[lane] = plan_.replicate(std::min(trajectory, last));
    lanes.group[lane] = plan_.group(trajectory);
    lanes.region[lane] = lanes.alive[lane]
                             ? (lanes.replicate[lane] - lanes.first_replicate) * lanes.groups + lanes.group[lane]
                             : lanes.region_count();
  }
  R* theta = state(block);
  initial.fill_block(lanes.first_trajectory, theta, theta + dim_ * block_lanes);
  for (auto& watcher : watchers_) watcher->begin(lanes, theta);
}

template <Real R>
void Blocks<R>::go_on_from(const EnsembleState& state, bool counts_too) {
  if (counts_too) before_ = lengthened(state.statistics(), plan_);
  const std::uint64_t first = plan_.first_block() * block_lanes, last = first + plan_.trajectories_here();
  state.visit(first, last, [&](const Piece& piece) {
    for (std::uint64_t t = 0; t < piece.at.count; ++t)
      if (const std::uint64_t trajectory = piece.at.first + t; trajectory >= first && trajectory < last)
        place(piece, t, trajectory / block_lanes - plan_.first_block(), int(trajectory % block_lanes));
  });
}

template <Real R>
std::uint64_t Blocks<R>::least_step() const {
  return steps_.empty() ? plan_.total_steps() : *std::min_element(steps_.begin(), steps_.end());
}

template <Real R>
void Blocks<R>::drop(std::uint64_t block, int lane, std::uint64_t samples, Divergence divergence) {
  Lanes& lanes = lanes_[block];
  for (auto& observer : observers_) observer->retire(lanes, lane, samples);
  for (auto& watcher : watchers_) watcher->retire(lanes, lane, divergence.step - 1, true);
  silence(block, lane);
  const std::lock_guard lock(mutex_);
  ++diverged_;
  divergences_.emplace(divergence.trajectory, std::move(divergence));
  if (divergences_.size() > most_divergences_kept) divergences_.erase(std::prev(divergences_.end()));
}

template <Real R>
RunStatistics Blocks<R>::finish() {
  RunStatistics statistics = empty_statistics(plan_, dim_);
  for (std::uint64_t block = 0; block < plan_.blocks_here(); ++block) {
    const Lanes& lanes = lanes_[block];
    for (int lane = 0; lane < block_lanes; ++lane) {
      if (!lanes.alive[lane]) continue;
      for (auto& observer : observers_) observer->retire(lanes, lane, plan_.samples());
      for (auto& watcher : watchers_) watcher->retire(lanes, lane, plan_.total_steps(), false);
      const R* theta = state(block) + lane;
      statistics.final_state_hash +=
          state_hash(lanes.first_trajectory + lane, dim_, [&](int i) { return theta[i * block_lanes]; });
    }
  }
  add_yield(statistics);
  return statistics;
}

template <Real R>
std::vector<Stretch> Blocks<R>::outline() const {
  std::vector<Stretch> all;
  for (std::uint64_t block = 0; block < plan_.blocks_here(); ++block) {
    const std::uint64_t first = lanes_[block].first_trajectory;
    const std::uint64_t count = std::min<std::uint64_t>(block_lanes, plan_.trajectories - first);
    if (!all.empty() && all.back().step == steps_[block])
      all.back().count += count;
    else
      all.push_back({first, count, steps_[block]});
  }
  return all;
}

template <Real R>
RunStatistics Blocks<R>::statistics() const {
  RunStatistics statistics = blank_statistics(plan_, dim_);
  add_yield(statistics);
  return statistics;
}

template <Real R>
void Blocks<R>::visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const {
  const std::uint64_t rows = state_numbers_ / block_lanes + summed_rows();
  for (const Stretch& stretch : outline())
    for (std::uint64_t done = 0; done < stretch.count;) {
      const std::uint64_t begin = stretch.first + done, count = std::min(piece_size(rows), stretch.count - done);
      if (begin < last && begin + count > first) take(piece({begin, count, stretch.step}));
      done += count;
    }
}

/// Whole blocks, as they stand.
template <Real R>
Piece Blocks<R>::piece(const Stretch& at) const {
  Piece piece{.at = at};
  piece.state.resize(state_numbers_ / block_lanes * at.count);
  piece.sums.resize(summed_rows() * at.count);
  piece.alive.resize(at.count);
  for (std::uint64_t t = 0; t < at.count; t += block_lanes) {
    const std::uint64_t block = (at.first + t) / block_lanes - plan_.first_block();
    const std::uint64_t lanes = std::min<std::uint64_t>(block_lanes, at.count - t);
    const auto copy_rows = [&](const auto& from, auto to) {
      for (std::size_t begin = 0; begin < from.size(); begin += block_lanes, to += at.count)
        std::copy_n(from.begin() + begin, lanes, to);
    };
    copy_rows(std::span(state_).subspan(block * state_numbers_, state_numbers_), piece.state.begin() + t);
    auto sums = piece.sums.begin() + t;
    for_each_sums(block, [&](std::span<double> rows) {
      copy_rows(rows, sums);
      sums += rows.size() / block_lanes * at.count;
    });
    for (std::uint64_t lane = 0; lane < lanes; ++lane)
      for (const auto& observer : observers_) {
        const std::span<double> memory = observer->memory(block, int(lane));
        if (memory.empty()) continue;
        piece.memory.resize(at.count);
        piece.memory[t + lane].insert(piece.memory[t + lane].end(), memory.begin(), memory.end());
      }
    std::copy_n(lanes_[block].alive, lanes, piece.alive.begin() + t);
  }
  return piece;
}

/// Trajectory t of the piece into its lane.
template <Real R>
void Blocks<R>::place(const Piece& piece, std::uint64_t t, std::uint64_t block, int lane) {
  steps_[block] = piece.at.step;
  R* theta = state(block) + lane;
  if (piece.alive.empty() || !piece.alive[t]) {
    silence(block, lane);
    for (int i = 0; i < state_numbers_; i += block_lanes) theta[i] = 0;
    return;
  }
  const std::uint64_t count = piece.at.count;
  if (piece.state.size() != state_numbers_ / block_lanes * count || piece.sums.size() != summed_rows() * count)
    throw std::runtime_error("a state of another number of coordinates, kept numbers or sums than the run has");
  const double* from = piece.state.data() + t;
  for (int i = 0; i < state_numbers_; i += block_lanes, from += count) theta[i] = R(*from);
  from = piece.sums.data() + t;
  for_each_sums(block, [&](std::span<double> sums) {
    for (std::size_t i = 0; i < sums.size(); i += block_lanes, from += count) sums[i + lane] = *from;
  });
  std::span<const double> remembered;
  if (!piece.memory.empty()) remembered = piece.memory[t];
  for (const auto& observer : observers_) {
    const std::span<double> memory = observer->memory(block, lane);
    if (memory.size() > remembered.size()) throw std::runtime_error("a state in which fewer trajectories are followed");
    std::copy_n(remembered.begin(), memory.size(), memory.begin());
    remembered = remembered.subspan(memory.size());
  }
}

/// The lane's trajectory counts no more.
template <Real R>
void Blocks<R>::silence(std::uint64_t block, int lane) {
  lanes_[block].alive[lane] = false;
  lanes_[block].region[lane] = lanes_[block].region_count();
}

/// f(rows) for all rows of a block that belong to its trajectories until they retire.
template <Real R>
template <class F>
void Blocks<R>::for_each_sums(std::uint64_t block, F f) const {
  for (const auto& observer : observers_) f(observer->sums(block));
  for (const auto& watcher : watchers_) f(watcher->kept(block));
}

template <Real R>
std::uint64_t Blocks<R>::summed_rows() const {
  std::size_t numbers = 0;
  if (!steps_.empty()) for_each_sums(0, [&](std::span<double> rows) { numbers += rows.size(); });
  return numbers / block_lanes;
}

template <Real R>
void Blocks<R>::add_yield(RunStatistics& statistics) const {
  for (const auto& observer : observers_) observer->report(statistics);
  for (const auto& watcher : watchers_) watcher->report(statistics);
  statistics.diverged = diverged_;
  for (const auto& [trajectory, divergence] : divergences_) statistics.divergences.push_back(divergence);
  if (before_) statistics.merge(*before_);
}

template class Blocks<float>;
template class Blocks<double>;

}  // namespace kramers::sde
