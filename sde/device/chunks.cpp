#include "sde/device/chunks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace kramers::sde {

template <Real R>
Chunks<R>::Chunk::Chunk(Device& device, std::uint64_t first, std::uint64_t count, int state_rows, int quantities)
    : first(first),
      count(count),
      state(device, state_rows * count),
      sums(device, quantities * count),
      lost(device, count),
      sound(device, count),
      begin(device, count) {}

template <Real R>
Chunks<R>::Chunks(const DeviceProgram<R>& program, const EnsemblePlan& plan, const Restart& restart)
    : program_(program),
      device_(program.device()),
      plan_(plan),
      restart_(restart),
      first_(plan.first_block() * block_lanes),
      last_(first_ + plan.trajectories_here()),
      dim_(program.dim()),
      state_rows_(dim_ * (1 + program.extra_rows())),
      quantities_(blank_statistics(plan, dim_).rows().count()),
      origin_(device_, plan.origin.empty() ? std::vector<double>(dim_) : plan.origin),
      grids_(device_, std::vector<FlatGrid>(plan.densities.begin(), plan.densities.end())),
      grid_offsets_(device_, grid_offsets()),
      start_groups_(device_, start_groups()),
      initial_(plan.start, plan.seed, plan.run, dim_, state_rows_ - dim_),
      start_numbers_(device_, initial_.numbers()),
      slices_(slices_of_a_replicate()),
      slice_sums_(device_, start_regions() * quantities_ * slices_),
      slice_yields_(device_, start_regions() * slices_),
      diverged_(device_, 1),
      counts_(device_, count_total()),
      paths_(device_, std::vector<double>(path_size(), std::numeric_limits<double>::quiet_NaN())),
      next_(first_) {
  for (Yield* yield : {&all_, &lost_}) {
    yield->sums.resize(start_regions() * quantities_);
    yield->counted = Counts(plan.groups() * time_parts, plan.replicates(), 1);
  }
  if (restart.from && restart.counts_too) before_ = lengthened(restart.from->statistics(), plan);
}

/// Of each start point; one where all trajectories are of one group.
template <Real R>
std::vector<int> Chunks<R>::start_groups() const {
  std::vector<int> groups{0};
  if (plan_.groups() == 1) return groups;
  groups.resize(plan_.start.at.size());
  for (std::size_t point = 0; point < groups.size(); ++point) groups[point] = plan_.group_of_point(point);
  return groups;
}

/// Where the counts of each grid begin, and where those of the basins do.
template <Real R>
std::vector<std::uint64_t> Chunks<R>::grid_offsets() const {
  std::vector<std::uint64_t> all{0};
  for (const DensityGrid& grid : plan_.densities) all.push_back(all.back() + regions() * grid.cell_count());
  return all;
}

template <Real R>
std::uint64_t Chunks<R>::count_total() const {
  if (plan_.minima == 0) return grid_offsets().back();
  return grid_offsets().back() + regions() * (plan_.minima + 1) +
         std::uint64_t(plan_.replicates()) * plan_.minima * plan_.minima;
}

/// Whole blocks, since a CPU that goes on has these, that take at most nine tenths of what is free.
template <Real R>
std::uint64_t Chunks<R>::chunk_size() const {
  const double each = double(state_rows_) * sizeof(R) + summed_rows() * sizeof(double) + 3 * sizeof(std::uint64_t);
  const double most = std::floor(0.9 * double(device_.free_memory()) / each / block_lanes);
  if (most < 1)
    throw std::runtime_error(device_.name() + " has too little memory: " + std::to_string(device_.free_memory()) +
                             " bytes are free; run with fewer bins, kept paths or start points, or on the CPU");
  return std::uint64_t(std::min(most, double(1 << 24))) * block_lanes;
}

/// Threads that sum up each quantity of a replicate: enough for a GPU to be busy, with dozens of terms for each.
template <Real R>
int Chunks<R>::slices_of_a_replicate() const {
  constexpr std::uint64_t most_threads = 1 << 16, terms_each = 64;
  const std::uint64_t regions = std::max<std::uint64_t>(1, start_regions());
  const std::uint64_t most = most_threads / (regions * (quantities_ + 1));
  const std::uint64_t wanted = plan_.trajectories_here() / (regions * terms_each);
  return int(std::bit_floor(std::clamp<std::uint64_t>(wanted, 1, std::max<std::uint64_t>(1, most))));
}

template <Real R>
bool Chunks<R>::begin() {
  if (is_last()) return false;
  const std::uint64_t count = std::min(last_ - next_, chunk_size());
  chunk_.emplace(device_, next_, count, state_rows_, summed_rows());
  next_ += count;
  program_.start({.start = initial_.flat(start_numbers_.data()),
                  .extra_rows = state_rows_ - dim_,
                  .first_trajectory = chunk_->first,
                  .count = count,
                  .state = chunk_->state.data()});
  if (restart_.from) go_on_from(*restart_.from);
  return true;
}

template <Real R>
void Chunks<R>::go_on_from(const EnsembleState& state) {
  Walkers w = walkers();
  std::vector<std::uint64_t> begin(w.count);
  state.visit(w.first, w.first + w.count, [&](const Piece& piece) {
    const std::uint64_t from = piece.at.first, count = piece.at.count;
    const bool over = piece.alive.empty();
    if (!over && (piece.state.size() != state_rows_ * count || piece.sums.size() != summed_rows() * count))
      throw std::runtime_error("a state of another number of coordinates, kept numbers or sums than the run has");
    for (std::uint64_t k = std::max(from, w.first); k < std::min(from + count, w.first + w.count); ++k) {
      const std::uint64_t t = k - w.first, s = k - from;
      begin[t] = piece.at.step;
      w.lost[t] = over || !piece.alive[s] ? lost_before : 0;
      if (w.lost[t] != 0) continue;
      for (int row = 0; row < state_rows_; ++row) w.state[row * w.count + t] = R(piece.state[row * count + s]);
      for (int row = 0; row < summed_rows(); ++row) w.sums[row * w.count + t] = piece.sums[row * count + s];
    }
  });
  chunk_->state.fill(w.state);
  chunk_->sums.fill(w.sums);
  chunk_->lost.fill(w.lost);
  chunk_->begin.fill(begin);
  chunk_->step = *std::min_element(begin.begin(), begin.end());
}

template <Real R>
Slab<R> Chunks<R>::slab() const {
  const Chunk& chunk = *chunk_;
  const std::uint64_t count = chunk.count;
  return {.first_step = chunk.step,
          .last_step = chunk.step,
          .events = plan_.events(),
          .stream = {plan_.seed, plan_.run, Purpose::increments},
          .first_trajectory = chunk.first,
          .count = count,
          .trajectories = plan_.trajectories,
          .replicates = plan_.replicates(),
          .rows = blank_statistics(plan_, dim_).rows(),
          .points = plan_.groups() == 1 ? 1 : plan_.start.at.size(),
          .start_groups = start_groups_.data(),
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
          .basin_offset = grid_offsets().back(),
          .transition_offset = grid_offsets().back() + regions() * (plan_.minima + 1),
          .counts = counts_.data(),
          .diverged = diverged_.data(),
          .paths = paths_.data(),
          .chains = chains(),
          .draws = draws(),
          .path_every = plan_.path_every};
}

template <Real R>
void Chunks<R>::advance(const Slab<R>& slab) {
  program_.advance(slab);
  chunk_->step = slab.last_step;
}

template <Real R>
void Chunks<R>::end() {
  gather(true, all_);
  if (restart_.keeps_final_states()) {
    gather(false, lost_);
    kept_.push_back(walkers());
  }
  divergences_ = divergences();
  chunk_.reset();
}

template <Real R>
std::uint64_t Chunks<R>::average_step() const {
  const double all = double(last_ - first_), in_chunk = double(chunk_->count) / all;
  return std::uint64_t(double(chunk_->first - first_) / all * double(plan_.total_steps()) +
                       in_chunk * double(chunk_->step));
}

template <Real R>
RunStatistics Chunks<R>::finish() const {
  RunStatistics statistics = empty_statistics(plan_, dim_);
  add(all_, statistics);
  return statistics;
}

template <Real R>
RunStatistics Chunks<R>::statistics() const {
  RunStatistics statistics = blank_statistics(plan_, dim_);
  Yield yield = restart_.keeps_final_states() ? lost_ : all_;
  if (chunk_) gather(false, yield);
  add(yield, statistics);
  return statistics;
}

template <Real R>
std::vector<Stretch> Chunks<R>::chunk_outline() const {
  if (!restart_.from) return {{chunk_->first, chunk_->count, chunk_->step}};
  std::vector<Stretch> all;
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

template <Real R>
std::vector<Stretch> Chunks<R>::outline() const {
  std::vector<Stretch> all;
  const std::uint64_t over = (chunk_ ? chunk_->first : next_) - first_;
  if (over > 0) all.push_back({first_, over, plan_.total_steps()});
  if (chunk_) std::ranges::copy(chunk_outline(), std::back_inserter(all));
  if (restart_.from)
    for (const Stretch& stretch : restart_.from->outline()) {
      const std::uint64_t begin = std::max(stretch.first, next_), end = std::min(stretch.first + stretch.count, last_);
      if (begin < end) all.push_back({begin, end - begin, stretch.step});
    }
  return all;
}

template <Real R>
void Chunks<R>::visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const {
  const auto take_within = [&](const Piece& piece) {
    if (piece.at.first < last && piece.at.first + piece.at.count > first) take(piece);
  };
  const std::uint64_t over = chunk_ ? chunk_->first : next_;
  if (!restart_.keeps_final_states()) {
    if (over > first_) take_within({.at = {first_, over - first_, plan_.total_steps()}});
  } else {
    for (const Walkers& walkers : kept_)
      visit(walkers, {{walkers.first, walkers.count, plan_.total_steps()}}, take_within);
  }
  if (chunk_ && chunk_->first < last && next_ > first) visit(walkers(), chunk_outline(), take_within);
  if (restart_.from && next_ < last_ && next_ < last && last_ > first)
    restart_.from->visit(std::max(first, next_), std::min(last, last_), [&](const Piece& piece) {
      const Piece part = clipped(piece, next_, last_);
      take_within(part);
    });
}

/// Pieces of these stretches.
template <Real R>
void Chunks<R>::visit(const Walkers& walkers, const std::vector<Stretch>& stretches,
                      const std::function<void(const Piece&)>& take) const {
  const std::uint64_t most = piece_size(state_rows_ + summed_rows());
  for (const Stretch& stretch : stretches)
    for (std::uint64_t done = 0; done < stretch.count; done += most)
      take(piece({stretch.first + done, std::min(most, stretch.count - done), stretch.step}, walkers));
}

template <Real R>
Piece Chunks<R>::piece(const Stretch& at, const Walkers& w) const {
  Piece piece{.at = at};
  const auto rows = [&](const auto& from, int count, auto& to) {
    for (int row = 0; row < count; ++row) {
      const auto begin = from.begin() + (row * w.count + at.first - w.first);
      to.insert(to.end(), begin, begin + at.count);
    }
  };
  rows(w.state, state_rows_, piece.state);
  rows(w.sums, summed_rows(), piece.sums);
  for (std::uint64_t t = 0; t < at.count; ++t) piece.alive.push_back(w.lost[at.first - w.first + t] == 0);
  return piece;
}

/// Adds what trajectories of the chunk have yielded: all of them at the end, else those that have diverged.
template <Real R>
void Chunks<R>::gather(bool at_end, Yield& to) const {
  program_.gather({.slab = slab(),
                   .dim = dim_,
                   .groups = plan_.groups(),
                   .quantities = quantities_,
                   .slices = slices_,
                   .at_end = at_end,
                   .sums = slice_sums_.data(),
                   .yields = slice_yields_.data()});
  const std::vector<ExactSum> sums = slice_sums_.values();
  for (std::size_t i = 0; i < sums.size(); ++i) to.sums[i / slices_].add(sums[i]);
  const std::vector<SliceYield> yields = slice_yields_.values();
  for (std::size_t i = 0; i < yields.size(); ++i) {
    const auto region = int(i / slices_), group = region / plan_.replicates();
    for (int part = 0; part < time_parts; ++part)
      to.counted(group * time_parts + part, region % plan_.replicates(), 0) += yields[i].samples[part];
    to.final_state_hash += yields[i].final_state_hash;
  }
}

/// The first few, by trajectory.
template <Real R>
std::vector<Divergence> Chunks<R>::divergences() const {
  std::vector<Divergence> all = divergences_;
  if (!chunk_ || diverged_.at(0) == all.size()) return all;
  const std::vector<std::uint64_t> lost = chunk_->lost.values();
  for (std::uint64_t t = 0; t < chunk_->count && all.size() < most_divergences_kept; ++t) {
    if (lost[t] == 0 || lost[t] == lost_before) continue;
    Divergence divergence{chunk_->first + t, lost[t], {}};
    for (int i = 0; i < dim_; ++i) divergence.where.push_back(double(chunk_->state.at(i * chunk_->count + t)));
    all.push_back(std::move(divergence));
  }
  return all;
}

template <Real R>
void Chunks<R>::add(const Yield& yield, RunStatistics& statistics) const {
  statistics.moments = Tally(moments_shape(plan_.groups(), statistics.rows()), plan_.replicates());
  for (int group = 0; group < plan_.groups(); ++group)
    for (int g = 0; g < plan_.replicates(); ++g)
      std::copy_n(yield.sums.begin() + std::ptrdiff_t(group * plan_.replicates() + g) * quantities_, quantities_,
                  statistics.moments.of(g) + std::ptrdiff_t(group) * quantities_);
  statistics.counted = yield.counted;
  statistics.round_sums();
  statistics.final_state_hash = yield.final_state_hash;
  statistics.diverged = diverged_.at(0);
  statistics.divergences = divergences();
  add_counts(statistics);
  if (before_) statistics.merge(*before_);
}

template <Real R>
void Chunks<R>::add_counts(RunStatistics& statistics) const {
  const std::vector<unsigned long long> all = counts_.values();
  auto next = all.begin();
  const auto take = [&](int groups, int cells) {
    Counts counts(groups, plan_.replicates(), cells);
    std::copy_n(next, counts.at.size(), counts.at.begin());
    next += counts.at.size();
    return counts;
  };
  const int groups = plan_.groups() * time_parts;
  for (const DensityGrid& grid : plan_.densities) statistics.densities.push_back(take(groups, grid.cell_count()));
  if (plan_.minima > 0) {
    statistics.basins = take(groups, plan_.minima + 1);
    statistics.transitions = take(1, plan_.minima * plan_.minima);
  }
  if (plan_.path_count == 0) return;
  statistics.chains = chains();
  statistics.draws = draws();
  statistics.paths = paths_.values();
}

template class Chunks<float>;
template class Chunks<double>;

}  // namespace kramers::sde
