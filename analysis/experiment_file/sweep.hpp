#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/document/section.hpp"

namespace kramers::analysis {

/// The table [sweep]: keys, sorted, and the values that each takes.
struct Sweep {
  std::vector<std::string> keys;          // "dynamics.batch_size"
  std::vector<std::vector<Node>> values;  // as many lists as keys, none empty
  bool zip = false;                       // lists of equal length in step, instead of every combination

  /// Number of runs, 1 without keys.
  std::uint64_t runs() const;
  /// Which value of each key a run has: row-major, last key fastest.
  std::vector<std::size_t> choice(std::uint64_t run) const;
};

inline constexpr std::uint64_t most_runs = 65536;  // the counter's field

/// Reads [sweep] (null: there is none); lists that are wrong are reported and left out. Keys among `fixed` were
/// overridden and do not take part.
Sweep read_sweep(const Node* node, const std::vector<std::string>& fixed, Problems& problems);

}  // namespace kramers::analysis
