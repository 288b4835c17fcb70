#pragma once

#include <csignal>
#include <string>

namespace kramers::analysis {

/// While it lives, no signal reaches this thread: what is made and removed again in that time is not left behind.
class Undisturbed {
 public:
  Undisturbed();
  ~Undisturbed();
  Undisturbed(const Undisturbed&) = delete;

 private:
  sigset_t before_;
};

/// One name, one writer: while it lives, NAME.lock lies beside a file that is being made, and is locked (by fcntl,
/// which NFS hands on to its server) against every other process that sees the folder, on this machine, in a container
/// or on another. It says who holds it. The lock ends with its owner, however that ends; a file that a killed one left
/// is taken over.
///
/// Throws std::invalid_argument where another process holds it, and std::runtime_error where it cannot be made.
class LockFile {
 public:
  /// The target of a link is locked, not the link.
  explicit LockFile(const std::string& target);
  ~LockFile();
  LockFile(const LockFile&) = delete;

  /// False where the file system knows no locks: then nobody is kept out.
  bool holds() const { return file_ >= 0; }

 private:
  bool open_and_lock(const std::string& target);
  std::string path_, words_;
  int file_ = -1;
};

/// Removes the file of the newest lock of this process, which is about to end; the system does the rest. May be called
/// by a signal handler.
void release_lock();

/// Removes what killed processes left when they were writing a file of that name: of this machine, and where the name
/// is locked by this process, of any.
void remove_unfinished(const std::string& name, bool locked);

}  // namespace kramers::analysis
