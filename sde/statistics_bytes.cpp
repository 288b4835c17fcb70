#include "sde/statistics_bytes.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace kramers::sde {
namespace {

template <class S, class T>
concept MaybeConst = std::same_as<std::remove_const_t<S>, T>;

/// Calls archive(field) for every field, in order: written once, for writing what is const and for reading.
template <class Archive, MaybeConst<Counts> S>
void each_field(Archive& archive, S& counts) {
  archive(counts.groups);
  archive(counts.replicates);
  archive(counts.cells);
  archive(counts.at);
}

template <class Archive, MaybeConst<PassageCounts> S>
void each_field(Archive& archive, S& counts) {
  auto& [steps_per_bin, trajectories, exposure, passed, lost, destinations] = counts;
  archive(steps_per_bin);
  archive(trajectories);
  archive(exposure);
  archive(passed);
  archive(lost);
  archive(destinations);
}

template <class Archive, MaybeConst<ExactSum> S>
void each_field(Archive& archive, S& sum) {
  sum.visit(archive);
}

template <class Archive, MaybeConst<Divergence> S>
void each_field(Archive& archive, S& divergence) {
  archive(divergence.trajectory);
  archive(divergence.step);
  archive(divergence.where);
}

template <class Archive, MaybeConst<TallyAxis> S>
void each_field(Archive& archive, S& axis) {
  auto& [name, meaning, at, words] = axis;
  archive(name);
  archive(meaning);
  archive(at);
  archive(words);
}

template <class Archive, MaybeConst<Tally> S>
void each_field(Archive& archive, S& tally) {
  archive(tally.shape.name);
  archive(tally.shape.meaning);
  archive(tally.shape.axes);
  archive(tally.replicates);
  archive(tally.exact);
}

template <class Archive, MaybeConst<Piece> P>
void each_field(Archive& archive, P& piece) {
  auto& [at, state, sums, memory, alive] = piece;
  archive(at.first);
  archive(at.count);
  archive(at.step);
  archive(state);
  archive(sums);
  archive(memory);
  archive(alive);
}

template <class Archive, MaybeConst<RunStatistics> S>
void each_field(Archive& archive, S& statistics) {
  // Every field has its name here, and a new one does not compile without. `sums` are rounded anew, `paths` come apart.
  auto& [trajectories, samples, looks, dim, replicates, groups, expected, counted, densities, passages, basins,
         transitions, moments, phases, phase_basins, sums, full_covariance, sample_count, tallies, final_state_hash,
         diverged, divergences, chains, draws, paths] = statistics;
  archive(trajectories);
  archive(samples);
  archive(looks);
  archive(dim);
  archive(replicates);
  archive(groups);
  archive(expected);
  archive(counted);
  archive(densities);
  archive(passages);
  archive(basins);
  archive(transitions);
  archive(moments);
  archive(phases);
  archive(phase_basins);
  archive(full_covariance);
  archive(tallies);
  archive(final_state_hash);
  archive(diverged);
  archive(divergences);
  archive(chains);
  archive(draws);
}

/// What is one number is bytes; all else is its fields.
template <class Self>
class Archive {
 public:
  template <class T>
  void operator()(T& value) {
    Self& self = static_cast<Self&>(*this);
    if constexpr (std::is_arithmetic_v<T>)
      self.raw(&value, sizeof value);
    else
      each_field(self, value);
  }
};

class Writer : public Archive<Writer> {
 public:
  using Archive::operator();
  template <class T>
  void operator()(const std::vector<T>& values) {
    const std::uint64_t size = values.size();
    (*this)(size);
    if constexpr (std::is_arithmetic_v<T>)
      raw(values.data(), size * sizeof(T));
    else
      for (const T& value : values) (*this)(value);
  }
  void operator()(const std::string& text) {
    const std::uint64_t size = text.size();
    (*this)(size);
    raw(text.data(), size);
  }
  void raw(const void* from, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes.insert(bytes.end(), first, first + size);
  }
  std::vector<std::byte> bytes;
};

/// Bytes that an element takes at the least: what memory is taken for has them.
template <class T>
constexpr std::size_t least_size = 8;
template <>
constexpr std::size_t least_size<ExactSum> = sizeof(ExactSum) / 2;

class Reader : public Archive<Reader> {
 public:
  using Archive::operator();
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = 0;
    (*this)(size);
    if constexpr (std::is_arithmetic_v<T>) {
      if (size > rest_.size() / sizeof(T)) cut_short();
      values.resize(size);
      raw(values.data(), size * sizeof(T));
    } else {
      if (size > rest_.size() / least_size<T>) cut_short();
      values.clear();
      for (; size > 0; --size) (*this)(values.emplace_back());
    }
  }
  void operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    if (byte > 1) throw std::runtime_error("statistics in which something is neither true nor false");
    value = byte == 1;
  }
  /// Digits and terms are as many as a sum lets pend: with more it would overflow.
  void operator()(ExactSum& sum) {
    bool sound = true;
    double digit = 0;  // the one before; the last is what carries leave over
    sum.visit([&](auto& part) {
      (*this)(part);
      using Part = std::remove_reference_t<decltype(part)>;
      if constexpr (std::is_same_v<Part, std::int64_t>)
        digit = std::abs(double(part)), sound = sound && digit <= 0x1.1p62;
      else if constexpr (std::is_same_v<Part, std::uint32_t>)
        sound = sound && digit < 0x1p40 && part < 1u << 30;
    });
    if (!sound) throw std::runtime_error("exact sums that are none");
  }
  void operator()(std::string& text) {
    std::uint64_t size = 0;
    (*this)(size);
    if (size > rest_.size()) cut_short();
    text.resize(size);
    raw(text.data(), size);
  }
  void raw(void* to, std::size_t size) {
    if (size > rest_.size()) cut_short();
    if (size > 0) std::memcpy(to, rest_.data(), size);
    rest_ = rest_.subspan(size);
  }
  std::size_t left() const { return rest_.size(); }

 private:
  [[noreturn]] static void cut_short() { throw std::runtime_error("statistics that are cut short"); }
  std::span<const std::byte> rest_;
};

void check(bool fits, const char* what) {
  if (!fits) throw std::runtime_error(std::string(what) + " that do not fit together");
}

void check_fit(const Counts& counts) {
  std::uint64_t size = 0;
  check(counts.groups >= 0 && counts.replicates >= 0 && counts.cells >= 0 &&
            !__builtin_mul_overflow(std::uint64_t(counts.groups) * std::uint64_t(counts.replicates),
                                    std::uint64_t(counts.cells), &size) &&
            counts.at.size() == size,
        "counts");
}

void check_fit(const Tally& tally) {
  std::uint64_t size = std::uint64_t(tally.replicates);
  bool fits = tally.replicates >= 0;
  for (const TallyAxis& axis : tally.shape.axes)
    fits = fits && !__builtin_mul_overflow(size, axis.at.size(), &size) &&
           (axis.words.empty() || axis.words.size() == axis.at.size());
  check(fits && tally.exact.size() == size, "sums of an observer");
}

/// Sizes, each against those that it follows from.
void check_fit(const RunStatistics& s) {
  constexpr int largest_dim = 1 << 24;
  check(s.dim >= 1 && s.dim <= largest_dim && (!s.full_covariance || s.dim <= 1 << 14) && s.replicates >= 0 &&
            s.replicates <= max_replicates && s.groups >= 0,
        "dimension, groups and replicates");
  check_fit(s.expected);
  for (const Counts* counts : counts_of(s)) check_fit(*counts);
  for (const PassageCounts& passage : s.passages) check(passage.steps_per_bin > 0, "bins of time");
  for (const Tally* tally : tallies_of(s)) check_fit(*tally);
  check(s.moments.shape.size() == std::uint64_t(s.groups) * std::uint64_t(s.rows().count()) &&
            s.moments.replicates == s.replicates && s.counted.replicates == s.replicates && s.counted.cells == 1,
        "sums over samples");
  check(
      s.phases.length(0) == 0 || (s.phases.replicates == s.replicates && s.phases.length(1) == phase_quantities(s.dim)),
      "sums over phases");
  check(s.divergences.size() <= most_divergences_kept, "divergences");
  for (const Divergence& divergence : s.divergences)
    check(divergence.where.size() == std::size_t(s.dim), "divergences");
}

}  // namespace

std::vector<std::byte> to_bytes(const RunStatistics& statistics) {
  Writer writer;
  writer(statistics);
  const std::uint64_t length = statistics.draws * std::uint64_t(statistics.dim);
  for (std::uint64_t chain = 0; chain < statistics.chains; ++chain) {
    const double* path = statistics.paths.data() + chain * length;
    const bool known = std::any_of(path, path + length, [](double x) { return !std::isnan(x); });
    writer(known);
    if (known) writer.raw(path, length * sizeof(double));
  }
  return std::move(writer.bytes);
}

RunStatistics from_bytes(std::span<const std::byte> bytes, std::uint64_t most_path_numbers) {
  Reader reader(bytes);
  RunStatistics s;
  reader(s);
  check_fit(s);
  std::uint64_t length = 0, all = 0;
  if (__builtin_mul_overflow(s.draws, std::uint64_t(s.dim), &length) ||
      __builtin_mul_overflow(s.chains, length, &all) || s.chains > reader.left() || all > most_path_numbers)
    throw std::runtime_error("kept paths that are longer than they can be");
  s.paths.assign(all, std::numeric_limits<double>::quiet_NaN());
  for (std::uint64_t chain = 0; chain < s.chains; ++chain) {
    bool known = false;
    reader(known);
    if (known) reader.raw(s.paths.data() + chain * length, length * sizeof(double));
  }
  if (reader.left() > 0) throw std::runtime_error("statistics with bytes to spare");
  s.round_sums();
  return s;
}

std::vector<std::byte> to_bytes(const Piece& piece) {
  Writer writer;
  writer.bytes.reserve(64 + (piece.state.size() + piece.sums.size()) * sizeof(double) + piece.alive.size());
  writer(piece);
  return std::move(writer.bytes);
}

Piece piece_from_bytes(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  Piece piece;
  reader(piece);
  const bool over = piece.alive.empty() && piece.state.empty() && piece.sums.empty() && piece.memory.empty();
  const std::uint64_t count = piece.at.count;
  if (reader.left() > 0 || count == 0 ||
      (!over && (piece.alive.size() != count || piece.state.size() % count != 0 || piece.sums.size() % count != 0 ||
                 (!piece.memory.empty() && piece.memory.size() != count))))
    throw std::runtime_error("a piece of an ensemble's state that does not fit together");
  return piece;
}

}  // namespace kramers::sde
