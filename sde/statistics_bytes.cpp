#include "sde/statistics_bytes.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace kramers::sde {
namespace {

/// Calls archive(field) for every field, in order: written once, for writing and for reading.
template <class Archive>
void each_field(Archive& archive, Counts& counts) {
  archive(counts.groups);
  archive(counts.replicates);
  archive(counts.cells);
  archive(counts.at);
}

template <class Archive>
void each_field(Archive& archive, ExactSum& sum) {
  sum.visit(archive);
}

template <class Archive>
void each_field(Archive& archive, Divergence& divergence) {
  archive(divergence.trajectory);
  archive(divergence.step);
  archive(divergence.where);
}

template <class Archive>
void each_field(Archive& archive, Piece& piece) {
  archive(piece.at.first);
  archive(piece.at.count);
  archive(piece.at.step);
  archive(piece.state);
  archive(piece.sums);
  archive(piece.alive);
}

template <class Archive>
void each_field(Archive& archive, RunStatistics& s) {
  archive(s.trajectories);
  archive(s.samples);
  archive(s.dim);
  archive(s.replicates);
  archive(s.groups);
  archive(s.groups_are_starts);
  archive(s.expected);
  archive(s.densities);
  archive(s.basins);
  archive(s.exact_sums);
  archive(s.full_covariance);
  archive(s.sample_count);
  archive(s.final_state_hash);
  archive(s.diverged);
  archive(s.divergences);
  archive(s.chains);
  archive(s.draws);
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
  void operator()(std::vector<T>& values) {
    std::uint64_t size = values.size();
    (*this)(size);
    if constexpr (std::is_arithmetic_v<T>)
      raw(values.data(), size * sizeof(T));
    else
      for (T& value : values) (*this)(value);
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
  RunStatistics& s = const_cast<RunStatistics&>(statistics);  // the writer only reads
  writer(s);
  const std::uint64_t length = s.draws * std::uint64_t(s.dim);
  for (std::uint64_t chain = 0; chain < s.chains; ++chain) {
    const double* path = s.paths.data() + chain * length;
    bool known = std::any_of(path, path + length, [](double x) { return !std::isnan(x); });
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
  return s;
}

std::vector<std::byte> to_bytes(const Piece& piece) {
  Writer writer;
  writer.bytes.reserve(64 + (piece.state.size() + piece.sums.size()) * sizeof(double) + piece.alive.size());
  writer(const_cast<Piece&>(piece));  // the writer only reads
  return std::move(writer.bytes);
}

Piece piece_from_bytes(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  Piece piece;
  reader(piece);
  const bool over = piece.alive.empty() && piece.state.empty() && piece.sums.empty();
  const std::uint64_t count = piece.at.count;
  if (!reader.at_end() || count == 0 ||
      (!over && (piece.alive.size() != count || piece.state.size() % count != 0 || piece.sums.size() % count != 0)))
    throw std::runtime_error("a piece of an ensemble's state that does not fit together");
  return piece;
}

}  // namespace kramers::sde
