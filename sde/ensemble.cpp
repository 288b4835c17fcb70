#include "sde/ensemble.hpp"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "sde/blocks.hpp"
#include "sde/numbers/aligned.hpp"
#include "sde/random/coarse_normals.hpp"
#include "sde/random/step_numbers.hpp"
#include "sde/requirements.hpp"
#include "sde/scheme_window.hpp"

namespace kramers::sde {
namespace {

/// Of `rows` normals each. They are made about 16 rows at a time: enough to amortise the call, few enough to stay in
/// the L1 cache. A multiple of 4 steps uses whole generator calls with any number of rows.
int steps_per_noise(int rows) { return rows > 64 ? 1 : std::max(4, 16 / rows / 4 * 4); }

/// Moves blocks on, shows them to their observers at every sample, and drops what diverges.
template <Real R>
class Runner {
 public:
  Runner(const BlockLandscape<R>& landscape, const BlockScheme<R>& scheme, const EnsemblePlan& plan, Blocks<R>& blocks,
         int threads)
      : landscape_(landscape),
        scheme_(scheme),
        plan_(plan),
        blocks_(blocks),
        stream_{plan.seed, plan.run, Purpose::increments},
        events_(plan.events()),
        samples_(plan.samples()),
        dim_(landscape.dim()),
        theta_numbers_(dim_ * block_lanes),
        normal_rows_(scheme.facts().numbers_per_step(dim_)),
        steps_per_noise_(steps_per_noise(normal_rows_)),
        origin_(plan.origin.empty() ? std::vector<double>(dim_) : plan.origin),
        scratch_(threads) {
    for (Scratch& scratch : scratch_) {
      scratch.normals.resize(plan.noise_per_step * std::size_t(steps_per_noise_) * normal_rows_ * block_lanes);
      scratch.of_scheme.resize(std::size_t(theta_numbers_) * scheme.scratch_rows());
      scratch.good.resize(blocks.state_numbers());
      if (is_watched()) scratch.before.resize(theta_numbers_);
      scratch.temperatures.resize(theta_numbers_);
    }
  }

  /// Before blocks are run over these steps, and no others.
  void open_window(std::uint64_t first, std::uint64_t last) {
    if (plan_.course) window_.emplace(*plan_.course, scheme_, first, last);
  }

  /// Up to step `last`.
  void run_block(std::uint64_t block, std::uint64_t last, int thread) {
    const std::uint64_t first = blocks_.steps(block);
    if (first >= last) return;
    blocks_.steps(block) = last;
    const Lanes& lanes = blocks_.lanes(block);
    if (std::none_of(lanes.alive, lanes.alive + block_lanes, [](bool alive) { return alive; })) return;
    Scratch& scratch = scratch_[thread];
    R* theta = blocks_.state(block);
    if (first == 0) scheme_.start(landscape_, theta, theta + theta_numbers_, scratch.of_scheme.data());
    std::uint64_t good_step = first;  // when scratch.good was taken
    std::copy_n(theta, blocks_.state_numbers(), scratch.good.data());

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
        std::copy_n(theta, blocks_.state_numbers(), scratch.good.data());
        good_step = step;
      }
    }
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

  bool is_watched() const { return !blocks_.watchers().empty(); }

  /// From step `begin` to step `end`; one by one where every step is watched.
  void advance(const Lanes& lanes, std::uint64_t begin, std::uint64_t end, const R* normals, R* theta,
               Scratch& scratch) {
    for (std::uint64_t step = begin; step < end;) {
      if (is_watched()) std::copy_n(theta, theta_numbers_, scratch.before.data());
      const auto [scheme, stage_end] = stage(step);
      const std::uint64_t count = is_watched() ? 1 : std::min(end, stage_end) - step;
      scheme.advance(landscape_, int(count), normals, theta, theta + theta_numbers_, scratch.of_scheme.data());
      normals += count * normal_rows_ * block_lanes;
      step += count;
      for (auto& watcher : blocks_.watchers()) watcher->watch({lanes, step, scratch.before.data(), theta});
    }
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
    const Lanes& lanes = blocks_.lanes(block);
    R* theta = blocks_.state(block);
    bool lost[block_lanes] = {};  // and not found yet
    for (int lane = 0; lane < block_lanes; ++lane) lost[lane] = lanes.alive[lane] && is_bad(theta, lane);

    AlignedVector<R> replay = scratch.good;
    AlignedVector<R> before(replay.size());
    for (std::uint64_t step = good_step; step < now; ++step) {
      std::copy(replay.begin(), replay.end(), before.begin());
      make_noise(lanes, step, step + 1, scratch);
      stage(step).scheme.advance(landscape_, 1, scratch.normals.data(), replay.data(), replay.data() + theta_numbers_,
                                 scratch.of_scheme.data());
      for (int lane = 0; lane < block_lanes; ++lane) {
        if (!lost[lane] || !is_bad(replay.data(), lane)) continue;
        lost[lane] = false;
        Divergence divergence{lanes.first_trajectory + lane, step + 1, {}};
        for (int i = 0; i < dim_; ++i) divergence.where.push_back(before[i * block_lanes + lane]);
        blocks_.drop(block, lane, events_.samples_until(good_step), std::move(divergence));
      }
    }
    for (int lane = 0; lane < block_lanes; ++lane)
      if (is_bad(theta, lane))
        for (int i = lane; i < blocks_.state_numbers(); i += block_lanes) theta[i] = 0;
  }

  void observe(std::uint64_t block, std::uint64_t step, int thread, Scratch& scratch) {
    const Lanes& lanes = blocks_.lanes(block);
    const R* theta = blocks_.state(block);
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
    const std::uint64_t number = events_.samples_until(step);
    const Sample<R> sample{.lanes = lanes,
                           .step = step,
                           .number = number,
                           .part = part_of_sample(number, samples_),
                           .theta = theta,
                           .loss = loss,
                           .temperature = temperature,
                           .log_acceptance = scheme.log_acceptance(dim_, extra),
                           .thread = thread,
                           .phase = plan_.course ? plan_.course->phase_of_sample(step) : -1,
                           .temperatures = temperatures};
    for (auto& observer : blocks_.observers()) observer->observe(sample);
  }

  const BlockLandscape<R>& landscape_;
  const BlockScheme<R>& scheme_;
  std::optional<SchemeWindow<R>> window_;
  const EnsemblePlan& plan_;
  Blocks<R>& blocks_;
  const Stream stream_;
  const Events events_;
  const std::uint64_t samples_;
  const int dim_;
  const int theta_numbers_;  // theta of one block
  const int normal_rows_;    // a step
  const int steps_per_noise_;
  const std::vector<double> origin_;
  std::vector<Scratch> scratch_;  // of each thread
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
  require_parts(landscape, scheme.facts(), plan);
  using Clock = std::chrono::steady_clock;
  const int threads = thread_count(plan.threads);
  const int dim = landscape.dim(), extra_rows = scheme.extra_rows(dim);
  Blocks<R> blocks(landscape, plan, dim + extra_rows, threads);
  const InitialStates initial(plan.start, plan.seed, plan.run, dim, extra_rows);
  parallel_for(blocks.count(), threads, [&](std::uint64_t block, int) { blocks.start(block, initial); });
  if (restart.from) blocks.go_on_from(*restart.from, restart.counts_too);
  Runner<R> runner(landscape, scheme, plan, blocks, threads);

  // Slabs of about a quarter of a second: what progress and Ctrl-C wait for.
  constexpr double slab_seconds = 0.25;
  const double numbers = std::max(1.0, double(blocks.count())) * block_lanes * dim;
  double steps_per_slab = 1e7 / numbers;
  for (std::uint64_t step = blocks.least_step(); step < plan.total_steps();) {
    double looks = std::min(steps_per_slab, double(restart.longest_slab)) / guard_interval;
    if (plan.course) looks = std::min(looks, double(SchemeWindow<R>::longest / guard_interval));
    const auto slab = std::uint64_t(std::clamp(looks, 1.0, 1e15)) * guard_interval;
    const std::uint64_t end = std::min(plan.total_steps(), (step / guard_interval) * guard_interval + slab);
    const auto begin = Clock::now();
    runner.open_window(step, end);
    parallel_for(blocks.count(), threads,
                 [&](std::uint64_t block, int thread) { runner.run_block(block, end, thread); });
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    steps_per_slab = std::min(2 * steps_per_slab, double(end - step) * slab_seconds / std::max(seconds, 1e-6));
    step = end;
    if (restart.wants && restart.wants()) restart.take(blocks);
    const bool go_on = !monitor || monitor(step, blocks.diverged());
    if (!go_on && step < plan.total_steps()) return std::nullopt;
  }
  if (restart.last) restart.last(blocks);
  return blocks.finish();
}

template std::optional<RunStatistics> simulate(const BlockLandscape<float>&, const BlockScheme<float>&,
                                               const EnsemblePlan&, const Monitor&, const Restart&);
template std::optional<RunStatistics> simulate(const BlockLandscape<double>&, const BlockScheme<double>&,
                                               const EnsemblePlan&, const Monitor&, const Restart&);

}  // namespace kramers::sde
