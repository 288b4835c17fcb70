#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/results/checkpoint_file.hpp"
#include "analysis/study/run_plan.hpp"
#include "analysis/study/study.hpp"
#include "apps/process/claim.hpp"
#include "apps/process/interrupt.hpp"
#include "apps/process/progress.hpp"
#include "apps/process/ranks.hpp"

namespace kramers::apps {

/// What tells whether a checkpoint is of this run.
analysis::CheckpointOf checkpoint_of(const analysis::ExperimentFile& file, const sde::Part& shard);

/// What a run may write beside its results or its shard.
std::vector<std::string> names_beside(const std::string& output);

/// Of a run that is not to be resumed.
void remove_checkpoints(const std::string& output);

/// Throws std::invalid_argument where a longer run cannot go on exactly.
void check_continuable(const analysis::Checkpoint& from, const std::vector<analysis::StudiedRun>& runs,
                       const analysis::Engine& engine);

/// The checkpoints of a `run`, at an interval and when it is interrupted. One file for all ranks, written by the first.
class Checkpoints {
 public:
  /// `from`: what it goes on from, or null. `claim`: of the first rank, else null. Whatever final state `claim` found
  /// gives way to `overwrite`. All of it must outlive this.
  Checkpoints(const analysis::ExperimentFile& file, const std::string& output, const Ranks& ranks,
              const analysis::Engine& engine, const std::vector<analysis::StudiedRun>& runs,
              const analysis::Checkpoint* from, const Claim* claim, bool overwrite, const Interrupt& interrupt,
              Progress& progress);

  /// For the simulation of one run, which comes after those before it in the list.
  sde::Restart restart(std::size_t run);
  /// To be asked after each slab: false when the run was interrupted, and a checkpoint written or tried.
  bool go_on() const { return !interrupted_; }
  /// After the last run: waits for the other ranks, still taking checkpoints; go_on() says if all finished.
  void finish();
  /// After the results are on the disk, under that name: no checkpoint is needed any more, but for a final state that
  /// is to be kept. Where that is, and why not beside the name that was asked for, if so.
  Place retire(const std::string& results);

  /// Trajectory-steps of all runs that were done before this began, those at 2 h counted twice.
  double done_before() const;
  /// Why the last checkpoint could not be written; empty: it could, or was not tried.
  const std::string& problem() const { return problem_; }
  /// What has taken the name of the checkpoints, and where they lie instead; empty: they lie where they should.
  const std::string& moved() const { return moved_; }

 private:
  template <class Put>
  void each_record(const sde::EnsembleState* current, Put put) const;
  bool wanted();
  void take(const sde::EnsembleState* current);
  void write(const sde::EnsembleState* current);
  bool is_foreign(const std::string& name) const;
  void remove_own(const std::string& name);
  void answer(const sde::EnsembleState* current);
  std::uint64_t trajectories(std::size_t run) const;  // of all ranks
  template <class StepOf>
  std::pair<std::size_t, std::uint64_t> where(StepOf step_of) const;
  std::string place(std::size_t run, std::uint64_t step) const;

  const bool keep_;
  const double every_seconds_;
  const std::string output_;
  std::string path_;
  const analysis::CheckpointOf of_;
  const Ranks& ranks_;
  const analysis::Engine& engine_;
  const std::vector<analysis::StudiedRun>& runs_;
  const Interrupt& interrupt_;
  Progress& progress_;

  std::size_t current_ = 0;                                  // the run that goes on now
  std::vector<std::unique_ptr<sde::EnsembleState>> before_;  // of every run; null: it begins
  std::vector<std::optional<sde::SavedState>> last_;         // of the runs that have finished, where it is kept
  double next_;                                              // when a checkpoint is due
  int finished_ranks_ = 0;
  bool asked_ = false, interrupted_ = false;
  std::string problem_, moved_;
  std::map<std::string, analysis::FileId> own_;  // what this or the one it goes on from has written, by name
};

}  // namespace kramers::apps
