#include "analysis/results/part_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "analysis/results/sha256.hpp"

namespace kramers::analysis {

namespace fs = std::filesystem;

fs::path end_of_links(const fs::path& name) {
  constexpr int most = 40;  // as the kernel has it
  fs::path path = name;
  std::error_code error;
  for (int links = 0; fs::is_symlink(path, error); ++links) {
    if (links == most) throw std::runtime_error("cannot write " + name.string() + ": too many links, one to the other");
    path = path.parent_path() / fs::read_symlink(path);  // an absolute one stands alone
  }
  return path;
}

void check_regular_or_absent(const fs::path& path) {
  std::error_code error;
  const auto type = fs::status(path, error).type();
  if (type == fs::file_type::not_found || type == fs::file_type::regular) return;
  const auto what = [&]() -> std::string {
    switch (type) {
      case fs::file_type::none:
        return error.message();
      case fs::file_type::directory:
        return "a folder has that name, which is no regular file";
      case fs::file_type::fifo:
        return "a named pipe has that name, which is no regular file";
      case fs::file_type::socket:
        return "a socket has that name, which is no regular file";
      case fs::file_type::character:
      case fs::file_type::block:
        return "a device has that name, which is no regular file";
      default:
        return "something that is no regular file has that name";
    }
  };
  throw std::runtime_error("cannot write " + path.string() + ": " + what());
}

std::optional<FileId> file_id(const fs::path& name) {
  struct stat here {};
  if (::lstat(name.c_str(), &here) != 0) return std::nullopt;
  return FileId{here.st_dev, here.st_ino, here.st_size, here.st_mtim.tv_sec, here.st_mtim.tv_nsec};
}

std::string part_name(const fs::path& target, int pid) {
  const std::string name = fmt::format("{}.part-{}", target.filename().string(), pid);
  const std::string sum = Sha256().add(std::as_bytes(std::span(name))).hex().substr(0, 16);
  return fs::path(target).replace_filename(name + "-" + sum).string();
}

PartFile::PartFile(const std::string& target) : target_(end_of_links(target)) {
  std::error_code error;
  folder_ = target_.has_parent_path() ? target_.parent_path() : ".";
  if (!target_.has_filename()) throw std::runtime_error("cannot write '" + target + "': it names no file");
  if (!fs::is_directory(folder_, error))
    throw std::runtime_error("cannot write " + target + ": there is no folder " + folder_.string());
  check_regular_or_absent(target_);
  path_ = part_name(target_, ::getpid());
}

PartFile::~PartFile() {
  if (file_ >= 0) ::close(file_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void PartFile::fail(int error) {
  throw std::runtime_error("cannot write " + target_.string() + ": " + std::strerror(error));
}

void PartFile::fill(std::initializer_list<std::span<const std::byte>> pieces) {
  for (const auto& bytes : pieces) append(bytes);
  flush();
}

void PartFile::append(std::span<const std::byte> bytes) {
  if (file_ < 0) {
    ::unlink(path_.c_str());  // of a process of the same id that was killed
    file_ = ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (file_ < 0) fail(errno);
  }
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written >= 0)
      bytes = bytes.subspan(written);
    else if (errno != EINTR)
      fail(errno);
  }
}

void PartFile::flush() {
  append({});  // an empty file, too, is a file
  int error = ::fsync(file_) == 0 ? 0 : errno;
  if (::close(file_) != 0 && error == 0) error = errno;
  file_ = -1;
  if (error != 0) fail(error);
}

void PartFile::become_target() {
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0) {
    [[maybe_unused]] const int not_allowed = ::chown(path_.c_str(), old.st_uid, old.st_gid);  // then it is ours now
    ::chmod(path_.c_str(), old.st_mode & 07777);
  }
  if (::rename(path_.c_str(), target_.c_str()) != 0) fail(errno);
  path_.clear();
  // After a loss of power the name must be there too. Some file systems cannot flush a folder; that is no error.
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

}  // namespace kramers::analysis
