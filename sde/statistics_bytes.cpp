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

template <class Archive, MaybeConst<PhaseStatistics> S>
void each_field(Archive& archive, S& statistics) {
  auto& [phases, basins, sums, exact_sums] = statistics;
  archive(phases);
  archive(basins);
  archive(exact_sums);
}

template <class Archive, MaybeConst<RunStatistics> S>
void each_field(Archive& archive, S& statistics) {
  // Every field has its name here, and a new one does not compile without. `sums` are rounded anew, `paths` come apart.
  auto& [trajectories, samples, looks, dim, replicates, groups, expected, counted, densities, passages, basins,
         transitions, sums, group_sums, exact_sums, full_covariance, sample_count, phases, tallies, final_state_hash,
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
  archive(exact_sums);
  archive(full_covariance);
  archive(phases);
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

class Reader : public Archive<Reader> {
 public:
  using Archive::operator();
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = 0;
    (*this)(size);
    if (size > rest_.size()) cut_short();  // every element takes a byte or more
    values.resize(size);
    if constexpr (std::is_arithmetic_v<T>)
      raw(values.data(), size * sizeof(T));
    else
      for (T& value : values) (*this)(value);
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
  bool at_end() const { return rest_.empty(); }

 private:
  [[noreturn]] static void cut_short() { throw std::runtime_error("statistics that are cut short"); }
  std::span<const std::byte> rest_;
};

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

RunStatistics from_bytes(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  RunStatistics s;
  reader(s);
  const std::uint64_t length = s.draws * std::uint64_t(s.dim);
  s.paths.assign(s.chains * length, std::numeric_limits<double>::quiet_NaN());
  for (std::uint64_t chain = 0; chain < s.chains; ++chain) {
    bool known = false;
    reader(known);
    if (known) reader.raw(s.paths.data() + chain * length, length * sizeof(double));
  }
  if (!reader.at_end()) throw std::runtime_error("statistics with bytes to spare");
  s.round_sums();
  for (Tally& tally : s.tallies) {
    if (tally.exact.size() != tally.shape.size() * std::size_t(tally.replicates))
      throw std::runtime_error("sums of '" + tally.shape.name + "' that do not fit together");
    tally.round();
  }
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
  if (!reader.at_end() || count == 0 ||
      (!over && (piece.alive.size() != count || piece.state.size() % count != 0 || piece.sums.size() % count != 0 ||
                 (!piece.memory.empty() && piece.memory.size() != count))))
    throw std::runtime_error("a piece of an ensemble's state that does not fit together");
  return piece;
}

}  // namespace kramers::sde
