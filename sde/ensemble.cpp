#include "sde/ensemble.hpp"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <stdexcept>

#include "sde/aligned.hpp"
#include "sde/coarse_normals.hpp"
#include "sde/observers/moments.hpp"
#include "sde/observers/observer.hpp"
#include "sde/passages/passage_watcher.hpp"
#include "sde/scheme_window.hpp"
#include "sde/step_numbers.hpp"

namespace kramers::sde {
namespace {

/// Of `rows` normals each. They are made about 16 rows at a time: enough to amortise the call, few enough to stay in
/// the L1 cache. A multiple of 4 steps uses whole generator calls with any number of rows.
int steps_per_noise(int rows) { return rows > 64 ? 1 : std::max(4, 16 / rows / 4 * 4); }

template <Real R>
class Ensemble final : public EnsembleState {
 public:
  Ensemble(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme, const EnsemblePlan& plan, int threads)
      : landscape_(landscape),
        scheme_(scheme),
        plan_(plan),
        initial_(plan.start, plan.seed, plan.run, landscape.dim(), scheme.extra_rows(landscape.dim())),
        stream_{plan.seed, plan.run, Purpose::increments},
        events_(plan.events()),
        dim_(landscape.dim()),
        theta_numbers_(dim_ * block_lanes),
        normal_rows_(scheme.facts().numbers_per_step(dim_)),
        state_numbers_(theta_numbers_ + block_lanes * scheme.extra_rows(dim_)),
        steps_per_noise_(steps_per_noise(normal_rows_)),
        state_(plan.blocks_here() * state_numbers_),
        lanes_(plan.blocks_here()),
        steps_(plan.blocks_here()),
        origin_(plan.origin.empty() ? std::vector<double>(dim_) : plan.origin),
        observers_(make_observers(landscape, plan, threads)),
        watchers_(make_watchers(landscape, plan)),
        scratch_(threads) {
    for (Scratch& scratch : scratch_) {
      scratch.normals.resize(plan.noise_per_step * std::size_t(steps_per_noise_) * normal_rows_ * block_lanes);
      scratch.of_scheme.resize(std::size_t(theta_numbers_) * scheme.scratch_rows());
      scratch.good.resize(state_numbers_);
      if (!watchers_.empty()) scratch.before.resize(theta_numbers_);
      scratch.temperatures.resize(theta_numbers_);
    }
  }

  /// Blocks are numbered from 0, whatever part of the ensemble they are.
  void start_block(std::uint64_t block) {
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
      const int group = plan_.groups_are_starts() ? int(trajectory % plan_.groups()) : 0;
      lanes.region[lane] = lanes.alive[lane] ? (lanes.replicate[lane] - lanes.first_replicate) * lanes.groups + group
                                             : lanes.region_count();
    }
    R* theta = state(block);
    initial_.fill_block(lanes.first_trajectory, theta, theta + theta_numbers_);
    for (auto& watcher : watchers_) watcher->begin(lanes, theta);
  }

  /// The blocks, once they are started, go on where a state says.
  void go_on_from(const EnsembleState& state, bool counts_too) {
    if (counts_too) before_ = lengthened(state.statistics(), plan_);
    const std::uint64_t first = plan_.first_block() * block_lanes, last = first + plan_.trajectories_here();
    state.visit(first, last, [&](const Piece& piece) {
      for (std::uint64_t t = 0; t < piece.at.count; ++t)
        if (const std::uint64_t trajectory = piece.at.first + t; trajectory >= first && trajectory < last)
          place(piece, t, trajectory / block_lanes - plan_.first_block(), int(trajectory % block_lanes));
    });
  }

  std::uint64_t least_step() const {
    return steps_.empty() ? plan_.total_steps() : *std::min_element(steps_.begin(), steps_.end());
  }

  /// Before blocks are run over these steps, and no others.
  void open_window(std::uint64_t first, std::uint64_t last) {
    if (plan_.course) window_.emplace(*plan_.course, scheme_, first, last);
  }

  /// Up to step `last`.
  void run_block(std::uint64_t block, std::uint64_t last, int thread) {
    const std::uint64_t first = steps_[block];
    if (first >= last) return;
    steps_[block] = last;
    Lanes& lanes = lanes_[block];
    if (std::none_of(lanes.alive, lanes.alive + block_lanes, [](bool alive) { return alive; })) return;
    Scratch& scratch = scratch_[thread];
    R* theta = state(block);
    if (first == 0) scheme_.start(landscape_, theta, theta + theta_numbers_, scratch.of_scheme.data());
    std::uint64_t good_step = first;  // when scratch.good was taken
    std::copy_n(theta, state_numbers_, scratch.good.data());

    for (std::uint64_t step = first; step < last;) {
      // Noise for the steps up to the end of a window that is aligned, so that whole generator calls are used.
      const std::uint64_t noise_end = std::min(last, (step / steps_per_noise_ + 1) * steps_per_noise_);
      make_noise(lanes, step, noise_end, scratch);
      for (const std::uint64_t noise_begin = step; step < noise_end;) {
        const std::uint64_t event = std::min(noise_end, events_.next(step));
        advance(lanes, step, event, scratch.normals.data() + (step - noise_begin) * normal_rows_ * block_lanes, theta,
                scratch);
        step = event;
        if (!events_.is_event(step)) continue;
        if (any_bad(theta)) {
          drop_diverged(block, good_step, step, scratch);
          make_noise(lanes, noise_begin, noise_end, scratch);  // dropping used the buffer
        }
        if (events_.is_sample(step)) observe(block, step, thread, scratch);
        std::copy_n(theta, state_numbers_, scratch.good.data());
        good_step = step;
      }
    }
  }

  std::uint64_t diverged() const { return diverged_ + (before_ ? before_->diverged : 0); }

  std::vector<Stretch> outline() const override {
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

  RunStatistics statistics() const override {
    RunStatistics statistics = blank_statistics(plan_, dim_);
    add_yield(statistics);
    return statistics;
  }

  void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const override {
    const std::uint64_t rows = state_numbers_ / block_lanes + summed_rows();
    for (const Stretch& stretch : outline())
      for (std::uint64_t done = 0; done < stretch.count;) {
        const std::uint64_t begin = stretch.first + done, count = std::min(piece_size(rows), stretch.count - done);
        if (begin < last && begin + count > first) take(piece({begin, count, stretch.step}));
        done += count;
      }
  }

  RunStatistics finish() {
    RunStatistics statistics = empty_statistics(plan_, dim_);
    for (std::uint64_t block = 0; block < plan_.blocks_here(); ++block) {
      const Lanes& lanes = lanes_[block];
      for (int lane = 0; lane < block_lanes; ++lane) {
        if (!lanes.alive[lane]) continue;
        retire(lanes, lane, plan_.samples());
        for (auto& watcher : watchers_) watcher->retire(lanes, lane, plan_.total_steps(), false);
        const R* theta = state(block) + lane;
        statistics.final_state_hash +=
            state_hash(lanes.first_trajectory + lane, dim_, [&](int i) { return theta[i * block_lanes]; });
      }
    }
    add_yield(statistics);
    return statistics;
  }

 private:
  struct Scratch {
    AlignedVector<R> normals, of_scheme, good, before;
    AlignedVector<double> temperatures;
  };

  /// Steps that have the same scheme, up to before `end`.
  struct Stage {
    const BlockScheme<R>& scheme;
    std::uint64_t end;
  };
  Stage stage(std::uint64_t step) const {
    if (!window_) return {scheme_, plan_.total_steps()};
    const auto& stage = window_->at(step);
    return {*stage.scheme, stage.end};
  }

  /// From step `begin` to step `end`; one by one where every step is watched.
  void advance(const Lanes& lanes, std::uint64_t begin, std::uint64_t end, const R* normals, R* theta,
               Scratch& scratch) {
    for (std::uint64_t step = begin; step < end;) {
      if (!watchers_.empty()) std::copy_n(theta, theta_numbers_, scratch.before.data());
      const auto [scheme, stage_end] = stage(step);
      const std::uint64_t count = watchers_.empty() ? std::min(end, stage_end) - step : 1;
      scheme.advance(landscape_, int(count), normals, theta, theta + theta_numbers_, scratch.of_scheme.data());
      normals += count * normal_rows_ * block_lanes;
      step += count;
      for (auto& watcher : watchers_) watcher->watch({lanes, step, scratch.before.data(), theta});
    }
  }

  R* state(std::uint64_t block) { return state_.data() + block * state_numbers_; }

  void add_yield(RunStatistics& statistics) const {
    for (const auto& observer : observers_) observer->report(statistics);
    for (const auto& watcher : watchers_) watcher->report(statistics);
    statistics.diverged = diverged_;
    for (const auto& [trajectory, divergence] : divergences_) statistics.divergences.push_back(divergence);
    if (before_) statistics.merge(*before_);
  }

  /// f(rows) for all rows of a block that belong to its trajectories until they retire.
  template <class F>
  void for_each_sums(std::uint64_t block, F f) const {
    for (const auto& observer : observers_) f(observer->sums(block));
    for (const auto& watcher : watchers_) f(watcher->kept(block));
  }

  std::uint64_t summed_rows() const {
    std::size_t numbers = 0;
    if (!steps_.empty()) for_each_sums(0, [&](std::span<double> rows) { numbers += rows.size(); });
    return numbers / block_lanes;
  }

  /// Whole blocks, as they stand.
  Piece piece(const Stretch& at) const {
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
  void place(const Piece& piece, std::uint64_t t, std::uint64_t block, int lane) {
    steps_[block] = piece.at.step;
    R* theta = state(block) + lane;
    if (piece.alive.empty() || !piece.alive[t]) {
      drop(lanes_[block], lane);
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
      if (memory.size() > remembered.size())
        throw std::runtime_error("a state in which fewer trajectories are followed");
      std::copy_n(remembered.begin(), memory.size(), memory.begin());
      remembered = remembered.subspan(memory.size());
    }
  }

  /// The lane's trajectory counts no more.
  static void drop(Lanes& lanes, int lane) {
    lanes.alive[lane] = false;
    lanes.region[lane] = lanes.region_count();
  }

  void make_noise(const Lanes& lanes, std::uint64_t begin, std::uint64_t end, Scratch& scratch) const {
    const std::uint64_t rows = plan_.noise_per_step * normal_rows_;  // a step
    step_numbers<R>(scheme_.noise(), stream_, lanes.first_trajectory, begin * rows, int((end - begin) * rows),
                    scratch.normals.data());
    coarsen_by<R>(plan_.noise_per_step, scheme_.facts(), dim_, int(end - begin), scratch.normals.data());
  }

  bool any_bad(const R* theta) const {
    const R guard = R(plan_.guard_radius);
    int bad = 0;
    for (int i = 0; i < theta_numbers_; ++i) bad |= !(abs(theta[i]) < guard);
    return bad != 0;
  }
  bool is_bad(const R* theta, int lane) const {
    for (int i = lane; i < theta_numbers_; i += block_lanes)
      if (!(abs(theta[i]) < R(plan_.guard_radius))) return true;
    return false;
  }

  /// Goes back to the last good state and on step by step, to find where each bad lane left.
  void drop_diverged(std::uint64_t block, std::uint64_t good_step, std::uint64_t now, Scratch& scratch) {
    Lanes& lanes = lanes_[block];
    R* theta = state(block);
    bool dropped[block_lanes] = {};
    for (int lane = 0; lane < block_lanes; ++lane) dropped[lane] = lanes.alive[lane] && is_bad(theta, lane);

    AlignedVector<R> replay = scratch.good;
    AlignedVector<R> before(replay.size());
    bool found[block_lanes] = {};
    std::uint64_t last_good[block_lanes] = {};
    for (std::uint64_t step = good_step; step < now; ++step) {
      std::copy(replay.begin(), replay.end(), before.begin());
      make_noise(lanes, step, step + 1, scratch);
      stage(step).scheme.advance(landscape_, 1, scratch.normals.data(), replay.data(), replay.data() + theta_numbers_,
                                 scratch.of_scheme.data());
      for (int lane = 0; lane < block_lanes; ++lane) {
        if (!dropped[lane] || found[lane] || !is_bad(replay.data(), lane)) continue;
        found[lane] = true;
        last_good[lane] = step;
        Divergence divergence{lanes.first_trajectory + lane, step + 1, {}};
        for (int i = 0; i < dim_; ++i) divergence.where.push_back(before[i * block_lanes + lane]);
        remember(std::move(divergence));
      }
    }
    for (int lane = 0; lane < block_lanes; ++lane) {
      if (dropped[lane]) {
        retire(lanes, lane, events_.samples_until(good_step));
        for (auto& watcher : watchers_) watcher->retire(lanes, lane, last_good[lane], true);
        drop(lanes, lane);
      }
      if (is_bad(theta, lane))
        for (int i = lane; i < state_numbers_; i += block_lanes) theta[i] = 0;
    }
  }

  void remember(Divergence divergence) {
    const std::lock_guard lock(mutex_);
    ++diverged_;
    divergences_.emplace(divergence.trajectory, std::move(divergence));
    if (divergences_.size() > most_divergences_kept) divergences_.erase(std::prev(divergences_.end()));
  }

  void observe(std::uint64_t block, std::uint64_t step, int thread, Scratch& scratch) {
    const Lanes& lanes = lanes_[block];
    const R* theta = state(block);
    alignas(64) R loss[block_lanes];
    alignas(64) double temperature[block_lanes];
    landscape_.value(theta, loss);
    const BlockScheme<R>& scheme = stage(step - 1).scheme;
    const R* const extra = theta + theta_numbers_;
    double* const temperatures = scratch.temperatures.data();
    scheme.temperatures(landscape_, origin_.data(), theta, extra, scratch.of_scheme.data(), temperatures);
    const double share = 1.0 / dim_;  // no division in the loop, which would cost more than all the rest
    std::fill_n(temperature, block_lanes, 0.0);
    for (int row = 0; row < dim_; ++row)
      for (int lane = 0; lane < block_lanes; ++lane)
        temperature[lane] += temperatures[row * block_lanes + lane] * share;
    Lanes second_half;
    const bool in_second_half = !plan_.groups_are_starts() && events_.samples_until(step) > plan_.samples() / 2;
    if (in_second_half) {
      second_half = lanes;
      for (int lane = 0; lane < block_lanes; ++lane)
        if (lanes.alive[lane]) second_half.region[lane] += 1;
    }
    const Sample<R> sample{.lanes = in_second_half ? second_half : lanes,
                           .step = step,
                           .theta = theta,
                           .loss = loss,
                           .temperature = temperature,
                           .log_acceptance = scheme.log_acceptance(dim_, extra),
                           .thread = thread,
                           .phase = plan_.course ? plan_.course->phase_of_sample(step) : -1,
                           .temperatures = temperatures};
    for (auto& observer : observers_) observer->observe(sample);
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) {
    for (auto& observer : observers_) observer->retire(lanes, lane, samples);
  }

  const BlockLandscape<R>& landscape_;
  const BlockScheme<R>& scheme_;
  std::optional<SchemeWindow<R>> window_;
  const EnsemblePlan& plan_;
  const InitialStates initial_;
  const Stream stream_;
  const Events events_;
  const int dim_;
  const int theta_numbers_;  // theta of one block
  const int normal_rows_;    // a step
  const int state_numbers_;  // theta and the scheme's extra rows
  const int steps_per_noise_;
  AlignedVector<R> state_;
  std::vector<Lanes> lanes_;
  std::vector<std::uint64_t> steps_;  // that each block has made
  const std::vector<double> origin_;
  std::vector<std::unique_ptr<Observer<R>>> observers_;
  std::vector<std::unique_ptr<PassageWatcher<R>>> watchers_;
  std::vector<Scratch> scratch_;
  std::mutex mutex_;
  std::uint64_t diverged_ = 0;
  std::map<std::uint64_t, Divergence> divergences_;
  std::optional<RunStatistics> before_;  // what the state yielded that this goes on from
};

/// for_each(i, thread) over 0 .. count - 1 on several threads; an exception in any of them comes out here.
template <class F>
void parallel_for(std::uint64_t count, int threads, F for_each) {
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
  for (std::int64_t i = 0; i < std::int64_t(count); ++i) {
    try {
      for_each(std::uint64_t(i), omp_get_thread_num());
    } catch (...) {
#pragma omp critical(kramers_failure)
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

int thread_count(int setting) { return setting > 0 ? setting : omp_get_num_procs(); }

template <Real R>
std::optional<RunStatistics> simulate(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme,
                                      const EnsemblePlan& plan, const Monitor& monitor, const Restart& restart) {
  using Clock = std::chrono::steady_clock;
  const int threads = thread_count(plan.threads);
  Ensemble<R> ensemble(landscape, scheme, plan, threads);
  parallel_for(plan.blocks_here(), threads, [&](std::uint64_t block, int) { ensemble.start_block(block); });
  if (restart.from) ensemble.go_on_from(*restart.from, restart.counts_too);

  // Slabs of about a quarter of a second: what progress and Ctrl-C wait for.
  constexpr double slab_seconds = 0.25;
  const double numbers = std::max(1.0, double(plan.blocks_here())) * block_lanes * landscape.dim();
  double steps_per_slab = 1e7 / numbers;
  for (std::uint64_t step = ensemble.least_step(); step < plan.total_steps();) {
    double looks = std::min(steps_per_slab, double(restart.longest_slab)) / guard_interval;
    if (plan.course) looks = std::min(looks, double(SchemeWindow<R>::longest / guard_interval));
    const auto slab = std::uint64_t(std::clamp(looks, 1.0, 1e15)) * guard_interval;
    const std::uint64_t end = std::min(plan.total_steps(), (step / guard_interval) * guard_interval + slab);
    const auto begin = Clock::now();
    ensemble.open_window(step, end);
    parallel_for(plan.blocks_here(), threads,
                 [&](std::uint64_t block, int thread) { ensemble.run_block(block, end, thread); });
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    steps_per_slab = std::min(2 * steps_per_slab, double(end - step) * slab_seconds / std::max(seconds, 1e-6));
    step = end;
    if (restart.wants && restart.wants()) restart.take(ensemble);
    const bool go_on = !monitor || monitor(step, ensemble.diverged());
    if (!go_on && step < plan.total_steps()) return std::nullopt;
  }
  if (restart.last) restart.last(ensemble);
  return ensemble.finish();
}

template std::optional<RunStatistics> simulate(const BlockLandscape<float>&, const BlockScheme<float>&,
                                               const EnsemblePlan&, const Monitor&, const Restart&);
template std::optional<RunStatistics> simulate(const BlockLandscape<double>&, const BlockScheme<double>&,
                                               const EnsemblePlan&, const Monitor&, const Restart&);

}  // namespace kramers::sde
