#include "analysis/results/checkpoint_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "analysis/document/plain_text.hpp"
#include "analysis/experiment_file/experiment_text.hpp"
#include "analysis/experiment_file/path_numbers.hpp"
#include "analysis/results/seal.hpp"
#include "sde/plan_fit.hpp"
#include "sde/statistics_bytes.hpp"

namespace kramers::analysis {
namespace {

namespace fs = std::filesystem;

/// The first line; then, as numbers and texts with their length before them: the experiment, index and count of the
/// shard, the number of runs, whether final states are kept; then records. The last 64 bytes are the SHA-256 of all
/// before.
constexpr std::string_view kind_of_file = "kramers checkpoint, layout ";
constexpr std::string_view checkpoint_line = "kramers checkpoint, layout 3, little-endian\n";

/// Before the bytes of each record.
struct RecordHead {
  std::uint64_t run, is_piece, first, count, step, size;
};

Record record(const RecordHead& head, std::span<const std::byte> bytes) {
  Record record(sizeof head + bytes.size());
  std::memcpy(record.data(), &head, sizeof head);
  std::ranges::copy(bytes, record.begin() + sizeof head);
  return record;
}

}  // namespace

std::string checkpoint_name(const std::string& output) { return output + ".checkpoint"; }
std::string previous_name(const std::string& checkpoint) { return checkpoint + ".previous"; }
std::string final_state_name(const std::string& output) { return output + ".final"; }

bool is_checkpoint(const std::string& path) {
  std::error_code error;
  std::string beginning(kind_of_file.size(), '\0');
  return fs::is_regular_file(path, error) &&
         std::ifstream(path, std::ios::binary).read(beginning.data(), std::streamsize(beginning.size())) &&
         beginning == kind_of_file;
}

Record record_of(std::uint64_t run, const sde::RunStatistics& yielded) {
  const auto bytes = sde::to_bytes(yielded);
  return record({run, 0, 0, 0, 0, bytes.size()}, bytes);
}

Record record_of(std::uint64_t run, const sde::Piece& piece) {
  const auto bytes = sde::to_bytes(piece);
  return record({run, 1, piece.at.first, piece.at.count, piece.at.step, bytes.size()}, bytes);
}

CheckpointWriter::CheckpointWriter(const std::string& path, const CheckpointOf& of) : file_(path), outlines_(of.runs) {
  append(std::as_bytes(std::span(checkpoint_line)));
  const std::uint64_t numbers[] = {of.shard.index, of.shard.count, of.runs, of.keep, of.experiment.size()};
  append(std::as_bytes(std::span(numbers)));
  append(std::as_bytes(std::span(of.experiment)));
}

void CheckpointWriter::add(std::span<const std::byte> record) {
  RecordHead head;
  std::memcpy(&head, record.data(), sizeof head);
  if (head.is_piece) outlines_.at(head.run).push_back({head.first, head.count, head.step});
  append(record);
}

std::uint64_t CheckpointWriter::average_step(std::uint64_t run, std::uint64_t trajectories) const {
  return sde::average_step(outlines_[run], trajectories);
}

void CheckpointWriter::append(std::span<const std::byte> bytes) {
  file_.append(bytes);
  sha_.add(bytes);
}

void CheckpointWriter::commit(const std::function<void()>& check) {
  const std::string seal = sha_.hex();
  file_.append(std::as_bytes(std::span(seal)));
  file_.flush();
  const Checkpoint written(file_.path());
  check();

  const std::string previous = previous_name(file_.target().string());
  std::error_code error;
  if (fs::exists(file_.target(), error)) {
    // A second name, so that there is a checkpoint under the first at any moment; some file systems have no such names.
    fs::remove(previous, error);
    fs::create_hard_link(file_.target(), previous, error);
    if (error) fs::rename(file_.target(), previous);
  }
  file_.become_target();
}

Checkpoint::Checkpoint(const std::string& path) : path_(path) {
  const std::uint64_t size = size_of_file(path);
  file_.open(path, std::ios::binary);
  if (!file_) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
  // 1. Is it ours, and whole?
  const std::string line = size < checkpoint_line.size() ? "" : read(0, checkpoint_line.size());
  if (line.starts_with(kind_of_file) && line != checkpoint_line)
    throw std::invalid_argument(fmt::format("{} is a checkpoint of another kramers; allowed here: {}", path,
                                            checkpoint_line.substr(0, checkpoint_line.size() - 1)));
  if (line != checkpoint_line || size < checkpoint_line.size() + Sha256::hex_size)
    throw damaged("its first line is not a checkpoint's");
  const std::uint64_t end = size - Sha256::hex_size;
  Sha256 sha;
  for (std::uint64_t at = 0; at < end;) {
    const std::uint64_t count = std::min<std::uint64_t>(end - at, 1 << 20);
    sha.add(read(at, count));
    at += count;
  }
  if (sha.hex() != read(end, Sha256::hex_size)) throw damaged("its checksum does not hold");

  // 2. What it is of, and where its records are.
  std::uint64_t at = checkpoint_line.size(), numbers[5];
  if (end - at < sizeof numbers) throw damaged("it is cut short");
  std::memcpy(numbers, read(at, sizeof numbers).data(), sizeof numbers);
  at += sizeof numbers;
  if (numbers[4] > end - at) throw damaged("it is cut short");
  of_ = {.experiment = read(at, numbers[4]),
         .shard = {numbers[0], numbers[1]},
         .runs = numbers[2],
         .keep = numbers[3] != 0};
  at += numbers[4];
  if (fault_in(of_.experiment, Lines::many)) throw damaged("its experiment has control characters");
  while (at < end) {
    RecordHead head;
    if (end - at < sizeof head) throw damaged("it is cut short");
    std::memcpy(&head, read(at, sizeof head).data(), sizeof head);
    at += sizeof head;
    if (head.size > end - at || head.run >= of_.runs) throw damaged("a record of it is too long");
    if (head.is_piece > 1 || (head.is_piece && (head.count == 0 || head.first + head.count < head.first)))
      throw damaged("a record of it holds no trajectories that there can be");
    places_.push_back({head.run, head.is_piece != 0, {head.first, head.count, head.step}, at, head.size});
    at += head.size;
  }
}

std::runtime_error Checkpoint::damaged(const std::string& what) const {
  return std::runtime_error("cannot read " + path_ + ": it is damaged, " + printable(what));
}

template <class F>
auto Checkpoint::believed(F read) const {
  try {
    return read();
  } catch (const std::exception& error) {
    throw damaged(error.what());
  }
}

std::string Checkpoint::read(std::uint64_t offset, std::uint64_t size) const {
  const std::lock_guard lock(mutex_);
  std::string bytes(size, '\0');
  file_.seekg(std::streamoff(offset));
  if (!file_.read(bytes.data(), std::streamsize(size))) throw std::runtime_error("cannot read " + path_);
  return bytes;
}

class Checkpoint::RunState final : public sde::EnsembleState {
 public:
  RunState(const Checkpoint& file, std::uint64_t run) : file_(file) {
    for (const Place& place : file.places_)
      if (place.run == run) (place.is_piece ? pieces_ : yields_).push_back(place);
    std::ranges::sort(pieces_, {}, [](const Place& place) { return place.at.first; });
  }

  std::vector<sde::Stretch> outline() const override {
    std::vector<sde::Stretch> all;
    for (const Place& place : pieces_) all.push_back(place.at);
    return all;
  }
  sde::RunStatistics statistics() const override {
    std::optional<sde::RunStatistics> all;
    const std::uint64_t most = file_.believed([&] { return most_path_numbers(file_.of_.experiment); });
    for (const Place& place : yields_) {
      const std::string bytes = file_.read(place.offset, place.size);
      const sde::RunStatistics yielded =
          file_.believed([&] { return sde::from_bytes(std::as_bytes(std::span(bytes)), most); });
      if (all && !sde::same_shape(*all, yielded)) throw file_.damaged("its sums are not of one run");
      if (all)
        all->merge(yielded);
      else
        all = yielded;
    }
    if (!all) throw std::runtime_error(file_.path_ + " tells where trajectories are, and not what they have yielded");
    return *all;
  }
  void visit(std::uint64_t first, std::uint64_t last,
             const std::function<void(const sde::Piece&)>& take) const override {
    for (const Place& place : pieces_) {
      if (place.at.first >= last || place.at.first + place.at.count <= first) continue;
      const std::string bytes = file_.read(place.offset, place.size);
      const sde::Piece piece = file_.believed([&] { return sde::piece_from_bytes(std::as_bytes(std::span(bytes))); });
      if (piece.at != place.at) throw file_.damaged("a record of it is of other trajectories than it says");
      take(piece);
    }
  }

 private:
  const Checkpoint& file_;
  std::vector<Place> pieces_, yields_;
};

std::unique_ptr<sde::EnsembleState> Checkpoint::state(std::uint64_t run) const {
  return std::make_unique<RunState>(*this, run);
}

FoundCheckpoint find_checkpoint(const std::string& name) {
  FoundCheckpoint found;
  std::vector<std::string> problems;
  for (const std::string& path : {name, previous_name(name)}) {
    if (!fs::exists(path)) continue;
    try {
      found.checkpoint = std::make_unique<Checkpoint>(path);
    } catch (const std::runtime_error& error) {
      problems.push_back(error.what());
      continue;
    }
    if (path != name)
      found.warning = fmt::format("{}; going on from the one before it, {}",
                                  problems.empty() ? name + " is missing" : problems[0], path);
    return found;
  }
  if (!problems.empty())
    throw std::runtime_error(fmt::format("{}; allowed: remove what is damaged, and begin anew without --resume",
                                         fmt::join(problems, ", and ")));
  return found;
}

void check_same(const CheckpointOf& there, const CheckpointOf& here, const std::string& path) {
  std::vector<std::string> all = differences(there.experiment, here.experiment);
  if (there.shard != here.shard)
    all.push_back(fmt::format("shard {}/{} there and {}/{} here", there.shard.index, there.shard.count,
                              here.shard.index, here.shard.count));
  if (there.runs != here.runs) all.push_back(fmt::format("{} runs there and {} here", there.runs, here.runs));
  if (here.keep && !there.keep) all.emplace_back("checkpoint.keep = false there and true here");
  constexpr std::size_t most = 3;
  const std::size_t more = all.size() - std::min(all.size(), most);
  all.resize(std::min(all.size(), most));
  if (!all.empty())
    throw std::invalid_argument(fmt::format("{} is of another run: {}{}; allowed: the same experiment, or another -o",
                                            path, fmt::join(all, ", "),
                                            more > 0 ? fmt::format(", and {} more", more) : ""));
}

}  // namespace kramers::analysis
