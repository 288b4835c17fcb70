#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sde/statistics.hpp"

namespace kramers::apps {

/// The MPI that is built in, "Open MPI v4.1.4"; empty: none.
std::string mpi_name();

/// The processes of an MPI job that run one experiment together; a process without a launcher is the only rank. MPI is
/// initialised only under a launcher (mpirun, srun), and known to ranks.cpp alone.
class Ranks {
 public:
  /// Throws std::runtime_error where a launcher has started several processes that cannot become ranks (no MPI, another
  /// MPI, srun without one): each would do all the work, and write over the others' file. `is_shard`: they may be
  /// srun's, each with a shard of its own.
  explicit Ranks(bool is_shard);
  ~Ranks();
  Ranks(const Ranks&) = delete;

  int index() const { return index_; }
  int count() const { return count_; }
  bool is_first() const { return index_ == 0; }
  int index_on_machine() const { return index_on_machine_; }
  int count_on_machine() const { return count_on_machine_; }

  /// Throws std::invalid_argument on every rank if one says that it does something else than the first: ranks share one
  /// experiment, shard and file.
  void check_agreed(const std::string& does) const;

  /// Threads of this rank: as set, or else the cores that it may use, those of several ranks shared out among them.
  int threads(int setting) const;

  /// Merges every rank's statistics into those of the first rank, along a binomial tree: each rank but the first sends
  /// once, to one other. Returns to the first the bytes that all have sent.
  std::uint64_t merge(std::vector<sde::RunStatistics>& runs) const;

  /// Returns when every rank has called it.
  void meet() const;

  /// For checkpoints: the first rank asks every other one for its state, which answers between its slabs, and takes the
  /// answers one after the other. A rank that was interrupted or has finished tells the first one so, and waits.
  void ask_all() const;
  bool asked() const;                                  // not of the first: a question waits for an answer
  void answer(std::span<const std::byte> part) const;  // in parts that are not empty, and then an empty one
  std::vector<std::byte> take_answer(int rank) const;  // a part
  enum class Word : int { finished, interrupted };
  void tell_first(Word word) const;
  std::optional<Word> heard() const;  // of the first: a word that nobody has heard yet
  void release_all() const;           // of the first: nobody needs to answer any more
  bool released() const;

  /// Says why on standard error and ends the whole job. A rank that is not the first waits a second, since all may have
  /// met the same mistake, which the first one then tells of.
  [[noreturn]] void abort(int status, const std::string& why) const;

 private:
  int index_ = 0, count_ = 1, index_on_machine_ = 0, count_on_machine_ = 1;
  int cores_ = 0;  // 0: all
};

}  // namespace kramers::apps
