#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sde/statistics.hpp"

namespace kramers::sde {

/// Neighbouring trajectories that have made the same number of steps.
struct Stretch {
  std::uint64_t first, count;  // whole blocks, but for the last of the ensemble
  std::uint64_t step;
  bool operator==(const Stretch&) const = default;
};

/// A stretch with all that its future depends on. Element [row * count + t] belongs to trajectory first + t.
struct Piece {
  Stretch at{};
  std::vector<double> state;  // rows: theta, then what the scheme keeps; floats are doubles too
  std::vector<double> sums;   // rows: the quantities of RunStatistics::sums, so far, and those of other observers
  std::vector<std::vector<double>> memory;  // one row: what observers remember of some trajectories; or none
  std::vector<std::uint8_t> alive;          // 0: diverged. Empty: all are over, and their sums in the statistics
};

/// Where a run, or a part of one, stands between two steps, whatever computes it. Trajectories that no stretch holds
/// have not started. The noise needs no state.
class EnsembleState {
 public:
  virtual ~EnsembleState() = default;
  /// By first trajectory.
  virtual std::vector<Stretch> outline() const = 0;
  /// What the trajectories have yielded so far, but for the sums of those that are alive; `expected` is empty.
  virtual RunStatistics statistics() const = 0;
  /// Calls `take` with pieces of a few megabytes, which hold the trajectories first .. last - 1 and perhaps others.
  virtual void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const = 0;
};

/// The piece's trajectories first .. last - 1.
Piece clipped(const Piece& piece, std::uint64_t first, std::uint64_t last);

/// Trajectories of a piece of a few megabytes, so many numbers each: whole blocks.
std::uint64_t piece_size(std::uint64_t numbers);

/// Steps done, on average over so many trajectories, rounded down.
std::uint64_t average_step(const std::vector<Stretch>& outline, std::uint64_t trajectories);

/// A state in memory.
struct SavedState final : EnsembleState {
  RunStatistics yielded;
  std::vector<Piece> pieces;  // by first trajectory

  SavedState() = default;
  explicit SavedState(const EnsembleState& state);
  std::vector<Stretch> outline() const override;
  RunStatistics statistics() const override { return yielded; }
  void visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const override;
};

}  // namespace kramers::sde
