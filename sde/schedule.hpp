#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace kramers::sde {

/// A number that changes with a clock of whole ticks t = 0, 1, 2, ... (steps, or examples seen): parts one after the
/// other and then, it may be, the last of them again and again. With u = (t - begin of the part) / length, 0 <= u < 1,
///
///     constant   from
///     linear     from + (to - from) u
///     cosine     to + (from - to) (1 + cos(pi u)) / 2
///
/// Stages are constant parts. A triangular cycle of half length s is two linear parts of length s, which is
/// lo + (hi - lo) max(0, 1 - |t/s - 2 floor(1 + t/(2 s)) + 1|) of Smith, WACV 2017 (arXiv:1506.01186). A cosine decay
/// is that of Loshchilov & Hutter, ICLR 2017 (arXiv:1608.03983).
class Schedule {
 public:
  enum class Shape { constant, linear, cosine };
  struct Part {
    Shape shape;
    double from, to;       // equal in constant ones
    std::uint64_t length;  // ticks, >= 1
    /// The index of the earlier part that this is once more: it has the same phases.
    std::optional<std::size_t> again = {};
    bool operator==(const Part&) const = default;
  };
  static constexpr std::uint64_t forever = std::numeric_limits<std::uint64_t>::max();

  /// Parts from the index `repeat_from` on come again for ever; parts.size(): none does. A part whose length is
  /// `forever` can only be the last. `whole`: values are rounded to the nearest whole number. Throws
  /// std::invalid_argument.
  Schedule(std::vector<Part> parts, std::size_t repeat_from, bool whole = false);

  double value(std::uint64_t tick) const;
  /// Ticks until it ends, or `forever`.
  std::uint64_t length() const;
  /// The first tick after this one at which the value may be another.
  std::uint64_t next_change(std::uint64_t tick) const;
  /// The first tick of the part after this tick's.
  std::uint64_t next_part(std::uint64_t tick) const;
  /// The earliest tick from which on all values are those from this tick on.
  std::uint64_t earliest_like(std::uint64_t tick) const;
  /// Is every part constant?
  bool stepwise() const;
  /// Sum of the values at the ticks before this one; of whole numbers in constant parts alone.
  std::uint64_t sum(std::uint64_t tick) const;

  /// Phases tell the times of a cycle apart: a phase is a constant part, or one of `bins` equal bins of another part,
  /// whenever it comes again.
  int phases(int bins) const;
  int phase(std::uint64_t tick, int bins) const;
  std::uint64_t next_phase(std::uint64_t tick, int bins) const;

  const std::vector<Part>& parts() const { return parts_; }
  std::size_t repeat_from() const { return repeat_from_; }

 private:
  struct Place {
    std::size_t part;
    std::uint64_t offset;  // ticks since the part began
  };
  Place place(std::uint64_t tick) const;
  int first_phase(std::size_t part, int bins) const;
  bool repeats() const { return repeat_from_ < parts_.size(); }

  std::vector<Part> parts_;
  std::size_t repeat_from_;
  bool whole_;
  std::vector<std::uint64_t> begins_;  // of the parts, and the end of the last
};

}  // namespace kramers::sde
