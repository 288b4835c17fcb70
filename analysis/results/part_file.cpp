#include "analysis/results/part_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace kramers::analysis {

namespace fs = std::filesystem;

PartFile::PartFile(const std::string& target) {
  std::error_code error;
  target_ = fs::is_symlink(target, error) ? fs::weakly_canonical(target) : fs::path(target);
  folder_ = target_.has_parent_path() ? target_.parent_path() : ".";
  if (!target_.has_filename()) throw std::runtime_error("cannot write '" + target + "': it names no file");
  if (!fs::is_directory(folder_, error))
    throw std::runtime_error("cannot write " + target + ": there is no folder " + folder_.string());
  const auto status = fs::status(target_, error);
  if (status.type() != fs::file_type::not_found && !fs::is_regular_file(status))
    throw std::runtime_error("cannot write " + target + ": " +
                             (error ? error.message() : "something that is no regular file has that name"));
  path_ = target_.string() + ".part-" + std::to_string(::getpid());
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
