#include "analysis/results/shard_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

#include "analysis/document/plain_text.hpp"
#include "analysis/experiment_file/experiment_text.hpp"
#include "analysis/experiment_file/path_numbers.hpp"
#include "analysis/results/part_file.hpp"
#include "analysis/results/seal.hpp"
#include "analysis/results/sha256.hpp"
#include "sde/plan_fit.hpp"
#include "sde/statistics_bytes.hpp"

namespace kramers::analysis {
namespace {

namespace fs = std::filesystem;

/// The first line of a shard; then, each with its length before it: the two texts, index and count, the runs, and key
/// and value of the provenance. The last 64 bytes are the SHA-256 of all before.
constexpr std::string_view shard_words = "kramers shard, layout ";
constexpr std::string_view shard_line = "kramers shard, layout 4, little-endian\n";
static_assert(shard_line.starts_with(shard_words));

class Pieces {
 public:
  void number(std::uint64_t value) { raw(std::as_bytes(std::span(&value, 1))); }
  void piece(std::span<const std::byte> bytes) {
    number(bytes.size());
    raw(bytes);
  }
  void piece(std::string_view text) { piece(std::as_bytes(std::span(text))); }
  void raw(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// Takes pieces off the front of bytes whose checksum holds.
class PieceReader {
 public:
  explicit PieceReader(std::span<const std::byte> bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::span<const std::byte> piece() { return take(number()); }
  std::string text() {
    const auto bytes = piece();
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (fault_in(text, Lines::many)) throw std::runtime_error("a text in it has control characters");
    return text;
  }

 private:
  std::span<const std::byte> take(std::uint64_t size) {
    if (size > rest_.size()) throw std::runtime_error("it is cut short");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::span<const std::byte> rest_;
};

Shard shard_of(std::span<const std::byte> bytes) {
  PieceReader reader(bytes);
  Shard shard;
  shard.experiment_as_given = reader.text();
  shard.experiment_resolved = reader.text();
  shard.part.index = reader.number();
  shard.part.count = reader.number();
  if (shard.part.index >= shard.part.count) throw std::runtime_error("it is part of fewer parts than its number");
  const std::uint64_t most = most_path_numbers(shard.experiment_resolved);
  for (std::uint64_t left = reader.number(); left > 0; --left)
    shard.runs.push_back(sde::from_bytes(reader.piece(), most));
  for (std::uint64_t left = reader.number(); left > 0; --left) {
    const std::string key = reader.text();
    shard.provenance[key] = reader.text();
  }
  if (shard.runs.empty()) throw std::runtime_error("it holds no run");
  return shard;
}

std::string first_line_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line(shard_line.size(), '\0');
  file.read(line.data(), std::streamsize(line.size()));
  return line;
}

/// What the shards say of one key, each value once.
std::string joined(const std::string& key, const std::set<std::string>& values) {
  if (key == "start") return *values.begin();
  if (key == "end") return *values.rbegin();
  constexpr std::size_t most = 32;
  std::vector<std::string> told(values.begin(), std::next(values.begin(), std::min(values.size(), most)));
  if (values.size() > most) told.push_back(fmt::format("... ({} in all)", values.size()));
  return fmt::format("{}", fmt::join(told, ", "));
}

bool is_same_run(const Shard& a, const Shard& b) {
  return std::ranges::equal(a.runs, b.runs, [](const auto& x, const auto& y) { return sde::same_shape(x, y); });
}

void check_shard_replaceable(const fs::path& target, Replace replace) {
  if (replace == Replace::ours && fs::exists(target) && !first_line_of(target).starts_with(shard_words))
    throw std::runtime_error("will not overwrite " + target.string() +
                             ": it is not a shard of kramers; allowed: --overwrite, or another -o");
}

}  // namespace

std::string shard_name(const std::string& stem, const sde::Part& part) {
  return fmt::format("{}.{:04}-of-{:04}.part", stem, part.index, part.count);
}

void check_shard_writable(const std::string& path, Replace replace) {
  PartFile file(path);
  check_shard_replaceable(file.target(), replace);
  file.fill({});
}

void write_shard(const Shard& shard, const std::string& path, Replace replace) {
  Pieces pieces;
  pieces.raw(std::as_bytes(std::span(shard_line)));
  pieces.piece(shard.experiment_as_given);
  pieces.piece(shard.experiment_resolved);
  pieces.number(shard.part.index);
  pieces.number(shard.part.count);
  pieces.number(shard.runs.size());
  for (const sde::RunStatistics& run : shard.runs) pieces.piece(sde::to_bytes(run));
  pieces.number(shard.provenance.size());
  for (const auto& [key, value] : shard.provenance) {
    pieces.piece(key);
    pieces.piece(value);
  }
  const std::string seal = Sha256().add(pieces.bytes()).hex();

  PartFile file(path);
  check_shard_replaceable(file.target(), replace);
  file.fill({pieces.bytes(), std::as_bytes(std::span(seal))});
  file.become_target();
}

Shard read_shard(const std::string& path) {
  size_of_file(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  if (!all.starts_with(shard_words)) throw std::runtime_error("cannot read " + path + ": it is not a shard of kramers");
  if (!all.starts_with(shard_line))
    throw std::runtime_error(
        fmt::format("cannot read {}: it is a shard of another layout, by another version of kramers "
                    "(its first line: {}; here: {})",
                    path, printable(all.substr(0, std::min<std::size_t>(all.find('\n'), 60))),
                    shard_line.substr(0, shard_line.size() - 1)));
  const std::size_t size = all.size() < shard_line.size() + Sha256::hex_size ? 0 : all.size() - Sha256::hex_size;
  const std::string_view sealed(all.data(), size);
  if (size == 0 || Sha256().add(sealed).hex() != all.substr(size))
    throw std::runtime_error("cannot read " + path + ": it is damaged, its checksum does not hold");

  try {
    return shard_of(std::as_bytes(std::span(sealed.substr(shard_line.size()))));
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot read " + path + ": " + printable(error.what()));
  }
}

Shard merge_shards(const std::vector<std::string>& paths) {
  std::map<std::uint64_t, std::string> found;  // index -> path
  std::vector<std::string> problems;
  std::map<std::string, std::set<std::string>> provenance;
  Shard whole;
  for (const std::string& path : paths) {
    Shard shard = read_shard(path);
    const bool first = found.empty();
    for (const auto& [key, value] : shard.provenance) provenance[key].insert(value);
    const std::string version = shard.provenance["version"];
    if (!first && (shard.experiment_as_given != whole.experiment_as_given ||
                   shard.experiment_resolved != whole.experiment_resolved)) {
      const auto differing = differences(whole.experiment_resolved, shard.experiment_resolved);
      problems.push_back(
          fmt::format("{} is of another experiment than {}: {}", path, paths.front(),
                      differing.empty() ? "the words of its text" : fmt::to_string(fmt::join(differing, "; "))));
    } else if (!first && shard.part.count != whole.part.count) {
      problems.push_back(
          fmt::format("{} is one of {} parts, {} one of {}", path, shard.part.count, paths.front(), whole.part.count));
    } else if (!first && version != whole.provenance["version"]) {
      problems.push_back(fmt::format("{} is by kramers {}, {} by kramers {}", path, version, paths.front(),
                                     whole.provenance["version"]));
    } else if (!first && !is_same_run(whole, shard)) {
      throw std::runtime_error(
          fmt::format("cannot read {}: the sums in it are not of the runs that {} has", path, paths.front()));
    } else if (const auto [at, fresh] = found.emplace(shard.part.index, path); !fresh) {
      problems.push_back(
          fmt::format("{} is part {} of {} again, after {}", path, shard.part.index, shard.part.count, at->second));
    } else if (first) {
      whole = std::move(shard);
    } else {
      for (std::size_t i = 0; i < whole.runs.size(); ++i) whole.runs[i].merge(shard.runs[i]);
    }
  }
  std::vector<std::uint64_t> missing;
  for (std::uint64_t index = 0; index < whole.part.count && missing.size() <= 10; ++index)
    if (!found.contains(index)) missing.push_back(index);
  if (!missing.empty()) {
    const bool more = missing.size() > 10;
    if (more) missing.pop_back();
    problems.push_back(fmt::format("of {} parts these are missing: {}{}", whole.part.count, fmt::join(missing, ", "),
                                   more ? ", ..." : ""));
  }
  if (!problems.empty())
    throw std::invalid_argument(
        fmt::format("cannot merge: {}; allowed: every part of one experiment once", fmt::join(problems, "; ")));
  whole.part = {};
  for (const auto& [key, values] : provenance) whole.provenance[key] = joined(key, values);
  return whole;
}

}  // namespace kramers::analysis
