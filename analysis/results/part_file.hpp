#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>

namespace kramers::analysis {

/// What may give way to a file that is written: an earlier one of its kind, or whatever has the name (--overwrite).
enum class Replace { ours, anything };

/// Where writing to that name would end: the last of a chain of links, whether or not it exists. Throws
/// std::runtime_error where there is no end.
std::filesystem::path end_of_links(const std::filesystem::path& name);

/// Throws std::runtime_error if something lies there that is no regular file, and says what.
void check_regular_or_absent(const std::filesystem::path& path);

/// What lies under a name (a link itself, not what it leads to), told from all that comes there later or is written
/// into it.
struct FileId {
  std::uint64_t device, number;
  std::int64_t size, seconds, nanoseconds;  // the last two: when it was written
  bool operator==(const FileId&) const = default;
};
/// nullopt: nothing does.
std::optional<FileId> file_id(const std::filesystem::path& name);

/// The name beside a target under which a process writes it: NAME.part-PID-SUM. The sum, of both, tells it from a file
/// that somebody else has named so.
std::string part_name(const std::filesystem::path& target, int pid);

/// A file that appears under its name only when it is whole. It grows beside that name as its part_name, on the same
/// file system, and is gone again unless it becomes the target. All errors are std::runtime_error and name the target.
class PartFile {
 public:
  /// A link is followed, also one to what is not there yet: what it points to will be replaced, not the link. Throws
  /// unless the folder exists and what may lie under the name already is a regular file.
  explicit PartFile(const std::string& target);
  ~PartFile();
  PartFile(const PartFile&) = delete;

  const std::filesystem::path& target() const { return target_; }
  const std::string& path() const { return path_; }

  /// Writes the pieces, one after the other, and flushes them to disk.
  void fill(std::initializer_list<std::span<const std::byte>> pieces);
  /// The same little by little.
  void append(std::span<const std::byte> bytes);
  void flush();
  /// Renames, replacing what lies there, whose permissions and owner stay as far as that is allowed; flushes the
  /// folder.
  void become_target();

 private:
  [[noreturn]] void fail(int error);
  std::filesystem::path target_, folder_;
  std::string path_;
  int file_ = -1;
};

}  // namespace kramers::analysis
