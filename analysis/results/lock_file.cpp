#include "analysis/results/lock_file.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "analysis/document/plain_text.hpp"
#include "analysis/results/part_file.hpp"

namespace kramers::analysis {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view lock_words = "kramers, process ";

char held_path[PATH_MAX], held_words[300];
int held_file = -1;
std::atomic<bool> held = false;

/// Whether the file that is open here still has that name, and nobody has written into it. May be called by a signal
/// handler.
bool is_still_ours(int file, const char* path, const char* words) {
  struct stat here {
  }, there{};
  char text[300];
  const ssize_t size = ::pread(file, text, sizeof text, 0);
  return ::fstat(file, &here) == 0 && ::lstat(path, &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev && size >= 0 && size <= ssize_t(std::strlen(words)) &&
         std::memcmp(text, words, size) == 0;  // a full disk cuts
}

std::string who_am_i() {
  char host[HOST_NAME_MAX + 1] = "";
  ::gethostname(host, sizeof host - 1);
  const std::time_t now = std::time(nullptr);
  return fmt::format("{}{} on {} since {:%Y-%m-%dT%H:%M:%SZ}\n", lock_words, ::getpid(), host, fmt::gmtime(now));
}

std::string content_of(int file) {
  char text[300];
  const ssize_t size = ::pread(file, text, sizeof text, 0);
  return std::string(text, size > 0 ? size : 0);
}

}  // namespace

Undisturbed::Undisturbed() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before_);
}

Undisturbed::~Undisturbed() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

LockFile::LockFile(const std::string& target) : path_(end_of_links(target).string() + ".lock") {
  const Undisturbed undisturbed;
  while (!open_and_lock(target)) {
  }
  if (!holds()) return;
  const std::string words = words_ = who_am_i();
  // On the disk at once, for on another machine it shows only then; if it does not get there, nobody is told who holds
  // it.
  [[maybe_unused]] const bool told =
      ::ftruncate(file_, 0) == 0 && ::pwrite(file_, words.data(), words.size(), 0) > 0 && ::fsync(file_) == 0;
  if (const std::string path = fs::absolute(path_).string();
      path.size() < sizeof held_path && words.size() < sizeof held_words) {
    std::strcpy(held_path, path.c_str());
    std::strcpy(held_words, words.c_str());
    held_file = file_;
    held = true;
  }
}

/// False if the file was removed by who had it before: again.
bool LockFile::open_and_lock(const std::string& target) {
  const auto fail = [&](const std::string& why) {
    throw std::runtime_error(fmt::format("cannot write {}: cannot make {}: {}", target, path_, why));
  };
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0666);
  if (file < 0) fail(std::strerror(errno));
  file_ = file;
  const auto give_up = [&] { ::close(std::exchange(file_, -1)); };
  struct stat here {
  }, there{};
  ::fstat(file, &here);
  const std::string words = content_of(file);
  if (!S_ISREG(here.st_mode) || (!words.empty() && !words.starts_with(lock_words))) {
    give_up();
    throw std::invalid_argument(
        fmt::format("will not overwrite {}: it is no lock of kramers; allowed: another -o", path_));
  }
  struct flock lock {};
  lock.l_type = F_WRLCK;
  if (::fcntl(file, F_OFD_SETLK, &lock) != 0) {
    const int error = errno;
    if (error == EAGAIN || error == EACCES) {
      const std::string holder = words.empty() ? "another process" : words.substr(0, words.find('\n'));
      give_up();
      throw std::invalid_argument(fmt::format("{} is being made by {}; allowed: when that has ended, or another -o",
                                              target, printable(holder)));
    }
    ::unlink(path_.c_str());  // no locks here
    give_up();
    return true;
  }
  if (::stat(path_.c_str(), &there) == 0 && there.st_ino == here.st_ino && there.st_dev == here.st_dev) return true;
  give_up();
  return false;
}

LockFile::~LockFile() {
  if (!holds()) return;
  held = false;
  if (is_still_ours(file_, path_.c_str(), words_.c_str())) ::unlink(path_.c_str());  // while it is locked
  ::close(file_);
}

void release_lock() {
  if (held.exchange(false) && is_still_ours(held_file, held_path, held_words)) ::unlink(held_path);
}

void remove_unfinished(const std::string& name, bool locked) {
  const fs::path target = end_of_links(name);
  const std::string beginning = target.filename().string() + ".part-";
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(beginning)) continue;
    int pid = 0;
    std::from_chars(file.data() + beginning.size(), file.data() + file.size(), pid);
    const bool is_part = pid > 0 && file == part_name(target.filename(), pid);
    const bool is_dead = locked || (::kill(pid, 0) != 0 && errno == ESRCH);
    if (is_part && is_dead && fs::is_regular_file(entry.symlink_status(error))) fs::remove(entry.path(), error);
  }
}

}  // namespace kramers::analysis
