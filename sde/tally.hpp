#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "sde/numbers/exact_sum.hpp"

namespace kramers::sde {

/// An axis of a tally: its entries have numbers (a lag, a time), and perhaps words (a quantity).
struct TallyAxis {
  std::string name;  // of the dimension in a results file
  std::string meaning;
  std::vector<double> at;
  std::vector<std::string> words;  // as many, or none

  TallyAxis() = default;
  TallyAxis(std::string name, std::string meaning, std::vector<double> at);
  /// Entries 0, 1, ... that words tell apart.
  TallyAxis(std::string name, std::string meaning, std::vector<std::string> words);
  /// Entries 0, 1, ..., size - 1.
  static TallyAxis counted(std::string name, std::string meaning, std::size_t size);
  bool operator==(const TallyAxis&) const = default;
};

/// What is summed up, for each replicate and each entry of the axes. Runs with equal shapes can be added, and go on
/// from each other.
struct TallyShape {
  std::string name;     // of the observer, unique in a run, and of its group in a results file
  std::string meaning;  // one line
  std::vector<TallyAxis> axes;

  std::size_t size() const;  // numbers a replicate
  bool operator==(const TallyShape&) const = default;
};

/// The sums of an observer, by replicate: exact over trajectories (and, along each, in step order), so that the parts
/// of a run merge in any order. Everything that is counted or summed up beyond what every run has is a tally: merge,
/// shards, checkpoints and results files know its shape and nothing else.
struct Tally {
  TallyShape shape;
  int replicates = 0;
  std::vector<ExactSum> exact;  // [replicate][entries, the last axis fastest]; empty when read from a results file
  std::vector<double> sums;     // what they round to

  Tally() = default;
  Tally(TallyShape shape, int replicates);
  /// The sums of a replicate.
  ExactSum* of(int replicate) { return exact.data() + std::size_t(replicate) * shape.size(); }
  const ExactSum* of(int replicate) const { return exact.data() + std::size_t(replicate) * shape.size(); }
  const double* sums_of(int replicate) const { return sums.data() + std::size_t(replicate) * shape.size(); }

  /// How many entries an axis has; 0: nothing is summed up.
  int length(std::size_t axis) const { return axis < shape.axes.size() ? int(shape.axes[axis].at.size()) : 0; }
  /// Throws std::invalid_argument for another shape.
  void merge(const Tally& other);
  void round();
};

/// A tally to which several threads add.
class SharedTally {
 public:
  explicit SharedTally(Tally blank) : tally_(std::move(blank)) {}

  /// add(tally), undisturbed.
  template <class F>
  void change(F add) {
    const std::lock_guard lock(mutex_);
    add(tally_);
  }
  Tally so_far() {
    const std::lock_guard lock(mutex_);
    tally_.round();
    return tally_;
  }

 private:
  Tally tally_;
  std::mutex mutex_;
};

}  // namespace kramers::sde
