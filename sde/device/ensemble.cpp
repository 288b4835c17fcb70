#include "sde/device/ensemble.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <stdexcept>

namespace kramers::sde {
namespace {

/// An array in the memory of a device.
template <class T>
class DeviceArray {
 public:
  DeviceArray(Device& device, std::size_t size)
      : device_(device), size_(size), data_(static_cast<T*>(device.allocate(size * sizeof(T)))) {}
  DeviceArray(Device& device, const std::vector<T>& values) : DeviceArray(device, values.size()) { fill(values); }
  ~DeviceArray() { device_.release(data_); }
  DeviceArray(const DeviceArray&) = delete;

  T* data() const { return data_; }
  void fill(const std::vector<T>& values) { device_.copy_in(data_, values.data(), values.size() * sizeof(T)); }
  std::vector<T> values() const {
    std::vector<T> values(size_);
    device_.copy_out(values.data(), data_, size_ * sizeof(T));
    return values;
  }

 private:
  Device& device_;
  std::size_t size_;
  T* data_;
};

/// Trajectories outside of the device. Rows of `count`, as in Slab.
template <Real R>
struct Walkers {
  std::uint64_t first, count;
  std::vector<R> state;
  std::vector<double> sums;
  std::vector<std::uint64_t> lost, sound, begin;
};

/// Trajectories in the memory of a device: zeros.
template <Real R>
struct Chunk {
  Chunk(Device& device, std::uint64_t first, std::uint64_t count, int state_rows, int quantities)
      : first(first),
        count(count),
        state(device, state_rows * count),
        sums(device, quantities * count),
        lost(device, count),
        sound(device, count),
        begin(device, count) {}
  Walkers<R> values() const {
    return {first, count, state.values(), sums.values(), lost.values(), sound.values(), begin.values()};
  }
  void fill(const Walkers<R>& w) {
    state.fill(w.state);
    sums.fill(w.sums);
    lost.fill(w.lost);
    begin.fill(w.begin);
  }

  std::uint64_t first, count, step = 0;
  DeviceArray<R> state;
  DeviceArray<double> sums;
  DeviceArray<std::uint64_t> lost, sound, begin;
};

/// What trajectories have yielded, but for counts and paths.
struct Yield {
  std::vector<ExactSum> sums;          // [replicate][quantity]
  std::vector<std::uint64_t> samples;  // [replicate]
  std::uint64_t final_state_hash = 0;
};

template <Real R>
class DeviceEnsemble final : public EnsembleState {
 public:
  DeviceEnsemble(const DeviceProgram<R>& program, const EnsemblePlan& plan, const Restart& restart)
      : program_(program),
        device_(program.device()),
        plan_(plan),
        restart_(restart),
        dim_(program.dim()),
        state_rows_(dim_ * (1 + program.extra_rows())),
        quantities_(blank_statistics(plan, dim_).quantities()),
        origin_(device_, plan.origin.empty() ? std::vector<double>(dim_) : plan.origin),
        grids_(device_, std::vector<FlatGrid>(plan.densities.begin(), plan.densities.end())),
        grid_offsets_(device_, offsets()),
        initial_(plan.start, plan.seed, plan.run, dim_, state_rows_ - dim_),
        start_numbers_(device_, initial_.numbers()),
        slices_(slices_of_a_replicate()),
        slice_sums_(device_, std::size_t(plan.replicates()) * quantities_ * slices_),
        slice_yields_(device_, std::size_t(plan.replicates()) * slices_),
        diverged_(device_, 1),
        counts_(device_, count_total()),
        paths_(device_, std::vector<double>(path_size(), std::numeric_limits<double>::quiet_NaN())) {
    for (Yield* yield : {&lost_, &all_}) {
      yield->sums.resize(std::size_t(plan.replicates()) * quantities_);
      yield->samples.resize(plan.replicates());
    }
    if (restart.from && restart.counts_too) before_ = lengthened(restart.from->statistics(), plan);
  }

  std::optional<RunStatistics> run(const Monitor& monitor) {
    const std::uint64_t first = plan_.first_block() * block_lanes, here = plan_.trajectories_here();
    for (std::uint64_t done = 0; done < here;) {
      const std::uint64_t count = std::min(here - done, chunk_size());
      if (!run_chunk(first + done, count, done, monitor)) return std::nullopt;
      done += count;
    }
    if (here == 0 && monitor && !monitor(plan_.total_steps(), 0)) return std::nullopt;
    if (restart_.last) restart_.last(*this);
    RunStatistics statistics = empty_statistics(plan_, dim_);
    add(all_, statistics);
    return statistics;
  }

  std::vector<Stretch> outline() const override {
    std::vector<Stretch> all;
    for (const Walkers<R>& walkers : over_) all.push_back({walkers.first, walkers.count, plan_.total_steps()});
    if (!chunk_) return all;
    const std::vector<std::uint64_t> begin = chunk_->begin.values();
    for (std::uint64_t t = 0; t < chunk_->count; ++t) {
      const std::uint64_t step = std::max(begin[t], chunk_->step);
      if (t > 0 && all.back().step == step)
        ++all.back().count;
      else
        all.push_back({chunk_->first + t, 1, step});
    }
    return all;
  }

  RunStatistics statistics() const override {
    RunStatistics statistics = blank_statistics(plan_, dim_);
    Yield lost = lost_;
    if (chunk_) gather(false, lost);
    add(lost, statistics);
    return statistics;
  }

  void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const override {
    std::optional<Walkers<R>> current;
    if (chunk_) current = chunk_->values();
    for (const Stretch& stretch : outline())
      for (std::uint64_t done = 0; done < stretch.count;) {
        const std::uint64_t begin = stretch.first + done;
        const std::uint64_t count = std::min(piece_size(state_rows_ + quantities_), stretch.count - done);
        if (begin < last && begin + count > first)
          take(piece({begin, count, stretch.step}, current && begin >= current->first ? *current : holder_of(begin)));
        done += count;
      }
  }

 private:
  std::uint64_t chains() const { return std::min(plan_.path_count, plan_.trajectories); }
  std::uint64_t draws() const { return plan_.path_count > 0 ? plan_.steps / plan_.path_every : 0; }
  std::uint64_t path_size() const { return chains() * draws() * dim_; }
  std::uint64_t regions() const { return std::uint64_t(plan_.groups()) * plan_.replicates(); }

  /// Where the counts of each grid begin, and where those of the basins do.
  std::vector<std::uint64_t> offsets() const {
    std::vector<std::uint64_t> all{0};
    for (const DensityGrid& grid : plan_.densities) all.push_back(all.back() + regions() * grid.cell_count());
    return all;
  }
  std::uint64_t count_total() const {
    return offsets().back() + (plan_.minima > 0 ? regions() * (plan_.minima + 1) : 0);
  }

  /// Whole blocks, as start points are made, that take at most nine tenths of what is free.
  std::uint64_t chunk_size() const {
    const double each = double(state_rows_) * sizeof(R) + quantities_ * sizeof(double) + 3 * sizeof(std::uint64_t);
    const double most = std::floor(0.9 * double(device_.free_memory()) / each / block_lanes);
    if (most < 1)
      throw std::runtime_error(device_.name() + " has too little memory: " + std::to_string(device_.free_memory()) +
                               " bytes are free; run with fewer bins, kept paths or start points, or on the CPU");
    return std::uint64_t(std::min(most, double(1 << 24))) * block_lanes;
  }

  /// Threads that sum up each quantity of a replicate: enough for a GPU to be busy, with dozens of terms for each.
  int slices_of_a_replicate() const {
    constexpr std::uint64_t most_threads = 1 << 16, terms_each = 64;
    const auto replicates = std::uint64_t(std::max(1, plan_.replicates()));
    const std::uint64_t most = most_threads / (replicates * (quantities_ + 1));
    const std::uint64_t wanted = plan_.trajectories_here() / (replicates * terms_each);
    return int(std::bit_floor(std::clamp<std::uint64_t>(wanted, 1, std::max<std::uint64_t>(1, most))));
  }

  void start(Chunk<R>& chunk) const {
    program_.start({.start = initial_.flat(start_numbers_.data()),
                    .extra_rows = state_rows_ - dim_,
                    .first_trajectory = chunk.first,
                    .count = chunk.count,
                    .state = chunk.state.data()});
    if (!restart_.from) return;
    Walkers<R> walkers = chunk.values();
    restart_.from->visit(chunk.first, chunk.first + chunk.count, [&](const Piece& piece) { place(piece, walkers); });
    chunk.fill(walkers);
    chunk.step = *std::min_element(walkers.begin.begin(), walkers.begin.end());
  }

  void place(const Piece& piece, Walkers<R>& w) const {
    const std::uint64_t from = piece.at.first, count = piece.at.count;
    const bool over = piece.alive.empty();
    if (!over && (piece.state.size() != state_rows_ * count || piece.sums.size() != quantities_ * count))
      throw std::runtime_error("a state of another number of coordinates, kept numbers or sums than the run has");
    for (std::uint64_t k = std::max(from, w.first); k < std::min(from + count, w.first + w.count); ++k) {
      const std::uint64_t t = k - w.first, s = k - from;
      w.begin[t] = piece.at.step;
      w.lost[t] = over || !piece.alive[s] ? lost_before : 0;
      if (w.lost[t] != 0) continue;
      for (int row = 0; row < state_rows_; ++row) w.state[row * w.count + t] = R(piece.state[row * count + s]);
      for (int row = 0; row < quantities_; ++row) w.sums[row * w.count + t] = piece.sums[row * count + s];
    }
  }

  const Walkers<R>& holder_of(std::uint64_t trajectory) const {
    return *std::find_if(over_.begin(), over_.end(),
                         [&](const Walkers<R>& w) { return trajectory < w.first + w.count; });
  }

  Piece piece(const Stretch& at, const Walkers<R>& w) const {
    Piece piece{.at = at};
    for (int row = 0; row < state_rows_; ++row) {
      const auto from = w.state.begin() + (row * w.count + at.first - w.first);
      piece.state.insert(piece.state.end(), from, from + at.count);
    }
    for (int row = 0; row < quantities_; ++row) {
      const auto from = w.sums.begin() + (row * w.count + at.first - w.first);
      piece.sums.insert(piece.sums.end(), from, from + at.count);
    }
    for (std::uint64_t t = 0; t < at.count; ++t) piece.alive.push_back(w.lost[at.first - w.first + t] == 0);
    return piece;
  }

  Slab<R> slab_of(const Chunk<R>& chunk) const {
    const std::uint64_t count = chunk.count;
    return Slab<R>{.first_step = chunk.step,
                   .last_step = chunk.step,
                   .events = plan_.events(),
                   .stream = {plan_.seed, plan_.run, Purpose::increments},
                   .first_trajectory = chunk.first,
                   .count = count,
                   .trajectories = plan_.trajectories,
                   .replicates = plan_.replicates(),
                   .groups = plan_.groups(),
                   .groups_are_starts = plan_.groups_are_starts(),
                   .full_covariance = dim_ <= largest_full_covariance,
                   .guard_radius = R(plan_.guard_radius),
                   .origin = origin_.data(),
                   .theta = chunk.state.data(),
                   .kept = chunk.state.data() + dim_ * count,
                   .sums = chunk.sums.data(),
                   .lost = chunk.lost.data(),
                   .sound = chunk.sound.data(),
                   .begin = chunk.begin.data(),
                   .grids = int(plan_.densities.size()),
                   .grid = grids_.data(),
                   .grid_offset = grid_offsets_.data(),
                   .minima = plan_.minima,
                   .basin_offset = offsets().back(),
                   .counts = counts_.data(),
                   .diverged = diverged_.data(),
                   .paths = paths_.data(),
                   .chains = chains(),
                   .draws = draws(),
                   .path_every = plan_.path_every};
  }

  bool run_chunk(std::uint64_t first, std::uint64_t count, std::uint64_t done, const Monitor& monitor) {
    Chunk<R>& chunk = chunk_.emplace(device_, first, count, state_rows_, quantities_);
    start(chunk);
    Slab<R> slab = slab_of(chunk);
    const bool is_last_chunk = done + count == plan_.trajectories_here();

    using Clock = std::chrono::steady_clock;
    constexpr double slab_seconds = 0.05;    // what progress, Ctrl-C and a display on the same device wait for
    double steps_per_slab = guard_interval;  // doubling makes 10^5 of it in a dozen slabs
    while (slab.last_step < plan_.total_steps()) {
      slab.first_step = slab.last_step;
      const double most = std::min(steps_per_slab, double(restart_.longest_slab));
      const auto looks = std::uint64_t(std::clamp(most / guard_interval, 1.0, 1e15));
      slab.last_step =
          std::min(plan_.total_steps(), slab.first_step / guard_interval * guard_interval + looks * guard_interval);
      const auto begin = Clock::now();
      program_.advance(slab);
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      steps_per_slab = std::min(2 * steps_per_slab,
                                double(slab.last_step - slab.first_step) * slab_seconds / std::max(seconds, 1e-6));
      chunk.step = slab.last_step;
      if (restart_.wants && restart_.wants()) restart_.take(*this);
      // Trajectories that wait for their chunk have made no step: told as an average.
      const double share = double(count) / double(plan_.trajectories_here());
      const auto average =
          std::uint64_t(double(done) / double(plan_.trajectories_here()) * double(plan_.total_steps()) +
                        share * double(slab.last_step));
      const bool go_on = !monitor || monitor(average, diverged_.values()[0]);
      if (!go_on && (slab.last_step < plan_.total_steps() || !is_last_chunk)) return false;
    }
    gather(true, all_);
    if (restart_.last || (restart_.wants && !is_last_chunk)) {
      gather(false, lost_);
      over_.push_back(chunk.values());
    }
    divergences_ = divergences();
    chunk_.reset();
    return true;
  }

  /// Adds what trajectories of the chunk have yielded: all of them at the end, else those that have diverged.
  void gather(bool at_end, Yield& to) const {
    program_.gather({.slab = slab_of(*chunk_),
                     .dim = dim_,
                     .quantities = quantities_,
                     .slices = slices_,
                     .at_end = at_end,
                     .sums = slice_sums_.data(),
                     .yields = slice_yields_.data()});
    const std::vector<ExactSum> sums = slice_sums_.values();
    for (std::size_t i = 0; i < sums.size(); ++i) to.sums[i / slices_].add(sums[i]);
    const std::vector<SliceYield> yields = slice_yields_.values();
    for (std::size_t i = 0; i < yields.size(); ++i) {
      to.samples[i / slices_] += yields[i].samples;
      to.final_state_hash += yields[i].final_state_hash;
    }
  }

  /// The first few, by trajectory, of the chunks so far.
  std::vector<Divergence> divergences() const {
    std::vector<Divergence> all = divergences_;
    if (!chunk_ || diverged_.values()[0] == all.size() || all.size() == most_divergences_kept) return all;
    const Walkers<R> w = chunk_->values();
    for (std::uint64_t t = 0; t < w.count && all.size() < most_divergences_kept; ++t) {
      if (w.lost[t] == 0 || w.lost[t] == lost_before) continue;
      Divergence divergence{w.first + t, w.lost[t], {}};
      for (int i = 0; i < dim_; ++i) divergence.where.push_back(w.state[i * w.count + t]);
      all.push_back(std::move(divergence));
    }
    return all;
  }

  void add(const Yield& yield, RunStatistics& statistics) const {
    statistics.exact_sums = yield.sums;
    statistics.round_sums();
    statistics.sample_count = yield.samples;
    statistics.final_state_hash = yield.final_state_hash;
    statistics.diverged = diverged_.values()[0];
    statistics.divergences = divergences();
    add_counts(statistics);
    if (before_) statistics.merge(*before_);
  }

  void add_counts(RunStatistics& statistics) const {
    const std::vector<unsigned long long> all = counts_.values();
    auto next = all.begin();
    const auto take = [&](int cells) {
      Counts counts(plan_.groups(), plan_.replicates(), cells);
      std::copy_n(next, counts.at.size(), counts.at.begin());
      next += counts.at.size();
      return counts;
    };
    for (const DensityGrid& grid : plan_.densities) statistics.densities.push_back(take(grid.cell_count()));
    if (plan_.minima > 0) statistics.basins = take(plan_.minima + 1);
    if (plan_.path_count == 0) return;
    statistics.chains = chains();
    statistics.draws = draws();
    statistics.paths = paths_.values();
  }

  const DeviceProgram<R>& program_;
  Device& device_;
  const EnsemblePlan& plan_;
  const Restart& restart_;
  const int dim_, state_rows_, quantities_;
  DeviceArray<double> origin_;
  DeviceArray<FlatGrid> grids_;
  DeviceArray<std::uint64_t> grid_offsets_;
  const InitialStates initial_;
  DeviceArray<double> start_numbers_;
  const int slices_;
  DeviceArray<ExactSum> slice_sums_;
  DeviceArray<SliceYield> slice_yields_;
  DeviceArray<unsigned long long> diverged_, counts_;
  DeviceArray<double> paths_;
  std::optional<Chunk<R>> chunk_;
  // Of chunks that have come to the last step:
  std::vector<Walkers<R>> over_;  // where the state may be asked for
  Yield all_, lost_;              // lost: of trajectories that diverged, where the state may be asked for
  std::vector<Divergence> divergences_;
  std::optional<RunStatistics> before_;  // what the state yielded that this goes on from
};

}  // namespace

template <Real R>
std::optional<RunStatistics> simulate(const DeviceProgram<R>& program, const EnsemblePlan& plan, const Monitor& monitor,
                                      const Restart& restart) {
  return DeviceEnsemble<R>(program, plan, restart).run(monitor);
}

#define KRAMERS_INSTANTIATE(R)                                                                                 \
  template std::optional<RunStatistics> simulate(const DeviceProgram<R>&, const EnsemblePlan&, const Monitor&, \
                                                 const Restart&);
KRAMERS_INSTANTIATE(float)
KRAMERS_INSTANTIATE(double)
#undef KRAMERS_INSTANTIATE

}  // namespace kramers::sde
