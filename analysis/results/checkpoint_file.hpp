#pragma once

#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/results/part_file.hpp"
#include "analysis/results/sha256.hpp"
#include "sde/ensemble.hpp"
#include "sde/ensemble_state.hpp"

namespace kramers::analysis {

/// What a checkpoint is of: equal ones can go on from each other.
struct CheckpointOf {
  std::string experiment;  // as resolved
  sde::Part shard;
  std::uint64_t runs;
  bool keep;  // the final states of runs that are over, for longer ones
};

/// Where the checkpoint of a results file or shard lies, where the one before it, where the final state of a run that
/// keeps it.
std::string checkpoint_name(const std::string& output);
std::string previous_name(const std::string& checkpoint);
std::string final_state_name(const std::string& output);

/// Whether a file begins as a checkpoint or a final state does, of whatever layout, whole or not.
bool is_checkpoint(const std::string& path);

/// A record of a checkpoint file: what a part of a run has yielded, or where some of its trajectories stand. A run's
/// records may come from several processes, and in any order.
using Record = std::vector<std::byte>;
Record record_of(std::uint64_t run, const sde::RunStatistics& yielded);
Record record_of(std::uint64_t run, const sde::Piece& piece);

/// Writes a checkpoint beside its name, in bounded memory. Errors are std::runtime_error; what lay there before is then
/// as it was.
class CheckpointWriter {
 public:
  CheckpointWriter(const std::string& path, const CheckpointOf& of);
  void add(std::span<const std::byte> record);
  /// Steps that so many trajectories of a run have made on average, by the records so far.
  std::uint64_t average_step(std::uint64_t run, std::uint64_t trajectories) const;
  /// Seals it, flushes it to disk, reads it back, and gives it its name; what had the name is now the previous one.
  /// Once this returns, the checkpoint outlasts a loss of power.
  /// `check` is called just before, and may throw.
  void commit(const std::function<void()>& check = [] {});

 private:
  void append(std::span<const std::byte> bytes);
  PartFile file_;
  Sha256 sha_;
  std::vector<std::vector<sde::Stretch>> outlines_;  // by run
};

/// A whole checkpoint, open: another one may take its name meanwhile.
class Checkpoint {
 public:
  /// Throws std::runtime_error if it cannot be read or is damaged, std::invalid_argument if its layout is another.
  explicit Checkpoint(const std::string& path);

  const std::string& path() const { return path_; }
  const CheckpointOf& of() const { return of_; }
  /// Of one run; it reads the file as it is asked, and lives no longer than this. Without outline, if nothing of the
  /// run has begun.
  std::unique_ptr<sde::EnsembleState> state(std::uint64_t run) const;

 private:
  class RunState;
  struct Place {  // of a record
    std::uint64_t run;
    bool is_piece;
    sde::Stretch at;
    std::uint64_t offset, size;
  };
  std::string read(std::uint64_t offset, std::uint64_t size) const;
  std::runtime_error damaged(const std::string& what) const;
  /// What `read` makes of bytes; what it throws names the file.
  template <class F>
  auto believed(F read) const;

  std::string path_;
  mutable std::ifstream file_;
  mutable std::mutex mutex_;
  CheckpointOf of_;
  std::vector<Place> places_;
};

/// The newest checkpoint of that name that is whole.
struct FoundCheckpoint {
  std::unique_ptr<Checkpoint> checkpoint;  // null: there is none
  std::string warning;                     // where it is not the newest
};

/// Throws std::runtime_error if there are checkpoints and none is whole.
FoundCheckpoint find_checkpoint(const std::string& name);

/// Throws std::invalid_argument that names what differs: keys of the experiment, the shard, or final states that are to
/// be kept and were not.
void check_same(const CheckpointOf& there, const CheckpointOf& here, const std::string& path);

}  // namespace kramers::analysis
