#include "sde/device/ensemble.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "sde/aligned.hpp"
#include "sde/start.hpp"

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

template <Real R>
class DeviceEnsemble {
 public:
  DeviceEnsemble(const DeviceProgram<R>& program, const EnsemblePlan& plan)
      : program_(program),
        device_(program.device()),
        plan_(plan),
        dim_(program.dim()),
        state_rows_(dim_ * (1 + program.extra_rows())),
        statistics_(empty_statistics(plan, dim_)),
        quantities_(statistics_.quantities()),
        origin_(device_, plan.origin.empty() ? std::vector<double>(dim_) : plan.origin),
        grids_(device_, std::vector<FlatGrid>(plan.densities.begin(), plan.densities.end())),
        grid_offsets_(device_, offsets()),
        diverged_(device_, 1),
        counts_(device_, count_total()),
        paths_(device_, std::vector<double>(path_size(), std::numeric_limits<double>::quiet_NaN())) {
    statistics_.sample_count.assign(plan.replicates(), 0);
    statistics_.exact_sums.resize(std::size_t(plan.replicates()) * quantities_);
  }

  std::optional<RunStatistics> run(const Monitor& monitor) {
    const std::uint64_t first = plan_.first_block() * block_lanes, here = plan_.trajectories_here();
    for (std::uint64_t done = 0; done < here;) {
      const std::uint64_t count = std::min(here - done, chunk_size());
      if (!run_chunk(first + done, count, done, monitor)) return std::nullopt;
      done += count;
    }
    if (here == 0 && monitor && !monitor(plan_.total_steps(), 0)) return std::nullopt;
    take_counts();
    statistics_.round_sums();
    return std::move(statistics_);
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
    const double each = double(state_rows_) * sizeof(R) + quantities_ * sizeof(double) + 2 * sizeof(std::uint64_t);
    const double most = std::floor(0.9 * double(device_.free_memory()) / each / block_lanes);
    if (most < 1)
      throw std::runtime_error(device_.name() + " has too little memory: " + std::to_string(device_.free_memory()) +
                               " bytes are free; run with fewer bins, kept paths or start points, or on the CPU");
    return std::uint64_t(std::min(most, double(1 << 24))) * block_lanes;
  }

  /// Rows of `count` trajectories, padding left out.
  std::vector<R> start(std::uint64_t first, std::uint64_t count) const {
    std::vector<R> rows(state_rows_ * count);
    const Stream initial{plan_.seed, plan_.run, Purpose::initial_state};
    AlignedVector<R> block(state_rows_ * block_lanes);
    for (std::uint64_t at = 0; at < count; at += block_lanes) {
      place_start(plan_.start, initial, first + at, dim_, block.data());
      if (const int more = state_rows_ - dim_; more > 0)
        normals<R>(initial, first + at, first_extra_number, more, block.data() + dim_ * block_lanes);
      const std::uint64_t lanes = std::min<std::uint64_t>(block_lanes, count - at);
      for (int row = 0; row < state_rows_; ++row)
        std::copy_n(block.data() + row * block_lanes, lanes, rows.data() + row * count + at);
    }
    return rows;
  }

  bool run_chunk(std::uint64_t first, std::uint64_t count, std::uint64_t done, const Monitor& monitor) {
    const DeviceArray<R> state(device_, start(first, count));
    const DeviceArray<double> sums(device_, quantities_ * count);
    const DeviceArray<std::uint64_t> lost(device_, count), sound(device_, count);
    const R guard = R(plan_.guard_radius);
    Slab<R> slab{.first_step = 0,
                 .last_step = 0,
                 .events = plan_.events(),
                 .stream = {plan_.seed, plan_.run, Purpose::increments},
                 .first_trajectory = first,
                 .count = count,
                 .trajectories = plan_.trajectories,
                 .replicates = plan_.replicates(),
                 .groups = plan_.groups(),
                 .groups_are_starts = plan_.groups_are_starts(),
                 .full_covariance = statistics_.full_covariance,
                 .guard_radius = guard,
                 .origin = origin_.data(),
                 .theta = state.data(),
                 .kept = state.data() + dim_ * count,
                 .sums = sums.data(),
                 .lost = lost.data(),
                 .sound = sound.data(),
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

    using Clock = std::chrono::steady_clock;
    constexpr double slab_seconds = 0.05;    // what progress, Ctrl-C and a display on the same device wait for
    double steps_per_slab = guard_interval;  // doubling makes 10^5 of it in a dozen slabs
    while (slab.last_step < plan_.total_steps()) {
      slab.first_step = slab.last_step;
      const auto looks = std::uint64_t(std::clamp(steps_per_slab / guard_interval, 1.0, 1e15));
      slab.last_step =
          std::min(plan_.total_steps(), slab.first_step / guard_interval * guard_interval + looks * guard_interval);
      const auto begin = Clock::now();
      program_.run(slab);
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      steps_per_slab = std::min(2 * steps_per_slab,
                                double(slab.last_step - slab.first_step) * slab_seconds / std::max(seconds, 1e-6));
      // Trajectories that wait for their chunk have made no step: told as an average.
      const double share = double(count) / double(plan_.trajectories_here());
      const auto average =
          std::uint64_t(double(done) / double(plan_.trajectories_here()) * double(plan_.total_steps()) +
                        share * double(slab.last_step));
      const bool go_on = !monitor || monitor(average, diverged_.values()[0]);
      if (!go_on && (slab.last_step < plan_.total_steps() || done + count < plan_.trajectories_here())) return false;
    }
    take_trajectories(first, count, state.values(), sums.values(), lost.values(), sound.values());
    return true;
  }

  void take_trajectories(std::uint64_t first, std::uint64_t count, const std::vector<R>& state,
                         const std::vector<double>& sums, const std::vector<std::uint64_t>& lost,
                         const std::vector<std::uint64_t>& sound) {
    for (std::uint64_t t = 0; t < count; ++t) {
      const std::uint64_t trajectory = first + t;
      const int replicate = plan_.replicate(trajectory);
      for (int q = 0; q < quantities_; ++q)
        statistics_.exact_sums[std::size_t(replicate) * quantities_ + q].add(sums[q * count + t]);
      if (lost[t] == 0) {
        statistics_.sample_count[replicate] += plan_.samples();
        statistics_.final_state_hash += state_hash(trajectory, dim_, [&](int i) { return state[i * count + t]; });
        continue;
      }
      statistics_.sample_count[replicate] += plan_.events().samples_until(sound[t]);
      ++statistics_.diverged;
      if (statistics_.divergences.size() == most_divergences_kept) continue;
      Divergence divergence{trajectory, lost[t], {}};
      for (int i = 0; i < dim_; ++i) divergence.where.push_back(state[i * count + t]);
      statistics_.divergences.push_back(std::move(divergence));
    }
  }

  void take_counts() {
    const std::vector<unsigned long long> all = counts_.values();
    auto next = all.begin();
    const auto take = [&](int cells) {
      Counts counts(plan_.groups(), plan_.replicates(), cells);
      std::copy_n(next, counts.at.size(), counts.at.begin());
      next += counts.at.size();
      return counts;
    };
    for (const DensityGrid& grid : plan_.densities) statistics_.densities.push_back(take(grid.cell_count()));
    if (plan_.minima > 0) statistics_.basins = take(plan_.minima + 1);
    if (plan_.path_count == 0) return;
    statistics_.chains = chains();
    statistics_.draws = draws();
    statistics_.paths = paths_.values();
  }

  const DeviceProgram<R>& program_;
  Device& device_;
  const EnsemblePlan& plan_;
  const int dim_, state_rows_;
  RunStatistics statistics_;
  const int quantities_;
  DeviceArray<double> origin_;
  DeviceArray<FlatGrid> grids_;
  DeviceArray<std::uint64_t> grid_offsets_;
  DeviceArray<unsigned long long> diverged_, counts_;
  DeviceArray<double> paths_;
};

}  // namespace

template <Real R>
std::optional<RunStatistics> simulate(const DeviceProgram<R>& program, const EnsemblePlan& plan,
                                      const Monitor& monitor) {
  return DeviceEnsemble<R>(program, plan).run(monitor);
}

template <Real R>
std::optional<RunStatistics> simulate(const std::vector<std::unique_ptr<DeviceProgram<R>>>& programs,
                                      const EnsemblePlan& plan, const Monitor& monitor) {
  const std::size_t count = programs.size();
  std::vector<std::optional<RunStatistics>> parts(count);
  std::vector<std::exception_ptr> failures(count);
  std::atomic<bool> go_on = true;
  std::mutex mutex;  // the monitor hears of one device at a time
  std::vector<std::uint64_t> at(count), lost(count);
  const auto run_part = [&](std::size_t i) {
    EnsemblePlan part = plan;
    part.part = {plan.part.index * count + i, plan.part.count * count};
    try {
      parts[i] = simulate<R>(*programs[i], part, [&](std::uint64_t steps, std::uint64_t diverged) {
        const std::lock_guard lock(mutex);
        at[i] = steps;
        lost[i] = diverged;
        const auto slowest = *std::min_element(at.begin(), at.end());
        if (monitor && !monitor(slowest, std::accumulate(lost.begin(), lost.end(), std::uint64_t(0)))) go_on = false;
        return go_on.load();
      });
    } catch (...) {
      failures[i] = std::current_exception();
      go_on = false;
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < count; ++i) others.emplace_back(run_part, i);
  run_part(0);
  for (std::jthread& other : others) other.join();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  for (std::size_t i = 1; i < count; ++i) {
    if (!parts[0] || !parts[i]) return std::nullopt;
    parts[0]->merge(*parts[i]);
  }
  return std::move(parts[0]);
}

#define KRAMERS_INSTANTIATE(R)                                                                                  \
  template std::optional<RunStatistics> simulate(const DeviceProgram<R>&, const EnsemblePlan&, const Monitor&); \
  template std::optional<RunStatistics> simulate(const std::vector<std::unique_ptr<DeviceProgram<R>>>&,         \
                                                 const EnsemblePlan&, const Monitor&);
KRAMERS_INSTANTIATE(float)
KRAMERS_INSTANTIATE(double)
#undef KRAMERS_INSTANTIATE

}  // namespace kramers::sde
