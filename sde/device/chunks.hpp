#pragma once

#include <optional>
#include <vector>

#include "sde/device/device_array.hpp"
#include "sde/ensemble.hpp"

namespace kramers::sde {

/// The ensemble, or the plan's part of it, on a device between two steps: one chunk of trajectories after the other, as
/// many as its memory holds, and what they have yielded.
template <Real R>
class Chunks final : public EnsembleState {
 public:
  Chunks(const DeviceProgram<R>& program, const EnsemblePlan& plan, const Restart& restart);

  /// The next chunk, at its start or where a state says; false where there is none.
  bool begin();
  /// Where the chunk stands: no steps yet.
  Slab<R> slab() const;
  void advance(const Slab<R>& slab);
  /// After the last step.
  void end();
  bool is_last() const { return next_ == last_; }

  /// Steps done, as an average: trajectories that wait for their chunk have made none.
  std::uint64_t average_step() const;
  std::uint64_t diverged() const { return diverged_.at(0) + (before_ ? before_->diverged : 0); }
  /// After the last chunk.
  RunStatistics finish() const;

  std::vector<Stretch> outline() const override;
  RunStatistics statistics() const override;
  void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const override;

 private:
  /// In the memory of the device; rows of `count`, as in Slab.
  struct Chunk {
    Chunk(Device& device, std::uint64_t first, std::uint64_t count, int state_rows, int quantities);

    std::uint64_t first, count, step = 0;
    DeviceArray<R> state;
    DeviceArray<double> sums;
    DeviceArray<std::uint64_t> lost, sound, begin;
  };
  /// Outside of the device.
  struct Walkers {
    std::uint64_t first, count;
    std::vector<R> state;
    std::vector<double> sums;
    std::vector<std::uint64_t> lost;
  };
  /// What trajectories have yielded, but for counts, paths and divergences.
  struct Yield {
    std::vector<ExactSum> sums;  // [start group][replicate][quantity]
    Counts counted;
    std::uint64_t final_state_hash = 0;
  };

  std::uint64_t chains() const { return std::min(plan_.path_count, plan_.trajectories); }
  std::uint64_t draws() const { return plan_.path_count > 0 ? plan_.steps / plan_.path_every : 0; }
  std::uint64_t path_size() const { return chains() * draws() * dim_; }
  std::uint64_t start_regions() const { return std::uint64_t(plan_.groups()) * plan_.replicates(); }
  std::uint64_t regions() const { return start_regions() * time_parts; }
  int summed_rows() const { return quantities_ + (plan_.minima > 0); }
  std::vector<int> start_groups() const;
  std::vector<std::uint64_t> grid_offsets() const;
  std::uint64_t count_total() const;
  std::uint64_t chunk_size() const;
  int slices_of_a_replicate() const;

  void go_on_from(const EnsembleState& state);
  Walkers walkers() const {
    return {chunk_->first, chunk_->count, chunk_->state.values(), chunk_->sums.values(), chunk_->lost.values()};
  }
  void visit(const Walkers& walkers, const std::vector<Stretch>& stretches,
             const std::function<void(const Piece&)>& take) const;
  Piece piece(const Stretch& at, const Walkers& walkers) const;
  std::vector<Stretch> chunk_outline() const;

  void gather(bool at_end, Yield& to) const;
  std::vector<Divergence> divergences() const;
  void add(const Yield& yield, RunStatistics& statistics) const;
  void add_counts(RunStatistics& statistics) const;

  const DeviceProgram<R>& program_;
  Device& device_;
  const EnsemblePlan& plan_;
  const Restart& restart_;
  const std::uint64_t first_, last_;  // trajectories here: first_ .. last_ - 1
  const int dim_, state_rows_, quantities_;
  DeviceArray<double> origin_;
  DeviceArray<FlatGrid> grids_;
  DeviceArray<std::uint64_t> grid_offsets_;
  DeviceArray<int> start_groups_;
  const InitialStates initial_;
  DeviceArray<double> start_numbers_;
  const int slices_;
  DeviceArray<ExactSum> slice_sums_;
  DeviceArray<SliceYield> slice_yields_;
  DeviceArray<unsigned long long> diverged_, counts_;
  DeviceArray<double> paths_;
  std::optional<Chunk> chunk_;
  std::uint64_t next_;                   // the first trajectory of the chunk to come
  std::optional<RunStatistics> before_;  // what the state yielded that this goes on from
  // Of chunks that have come to the last step:
  Yield all_, lost_;  // of all trajectories, and of those that diverged where the others are kept
  std::vector<Divergence> divergences_;
  std::vector<Walkers> kept_;  // where final states are asked for
};

}  // namespace kramers::sde
