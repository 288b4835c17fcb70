#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "analysis/results/digest.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "tests/catch.hpp"
#include "tests/results_example.hpp"

using namespace kramers::analysis;
namespace fs = std::filesystem;

namespace {

/// The one sentence of what is thrown.
template <class F>
std::string complaint(F f) {
  try {
    f();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was thrown";
}
bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an earlier result is replaced, a file that is not ours never", "[results]") {
  const ScratchFolder folder;
  auto results = example_results(1);
  write(results, folder / "a.h5");
  results.title = "second";
  check_writable(folder / "a.h5");
  write(results, folder / "a.h5");
  CHECK(read(folder / "a.h5").title == "second");
  fs::create_symlink(folder / "a.h5", folder / "link.h5");
  results.title = "through a link";
  write(results, folder / "link.h5");
  CHECK(fs::is_symlink(folder / "link.h5"));
  CHECK(read(folder / "a.h5").title == "through a link");

  write_bytes(folder / "thesis.txt", "years of work");
  write_bytes(folder / "broken.h5", bytes_of_file(folder / "a.h5").substr(0, 5000));
  const auto before = folder.files();
  for (const char* name : {"thesis.txt", "broken.h5"}) {
    const auto bytes = bytes_of_file(folder / name);
    CHECK(contains(complaint([&] { check_writable(folder / name); }), "will not overwrite " + folder / name));
    CHECK(contains(complaint([&] { write(results, folder / name); }), "will not overwrite " + folder / name));
    CHECK(bytes_of_file(folder / name) == bytes);
  }
  fs::create_directory(folder / "folder");
  CHECK(contains(complaint([&] { write(results, folder / "folder"); }), "no regular file"));
  CHECK(contains(complaint([&] { write(results, folder / "nowhere/a.h5"); }), "there is no folder"));
  CHECK(contains(complaint([&] { check_writable(folder / "nowhere/a.h5"); }), "there is no folder"));
  CHECK(contains(complaint([&] { check_writable(folder / ""); }), "names no file"));
  CHECK(folder.files() == before + 1);
}

TEST_CASE("a folder that cannot be written is one clear error, before and after the run", "[results]") {
  const ScratchFolder folder;
  std::string place = folder / "locked";
  fs::create_directory(place);
  fs::permissions(place, fs::perms::owner_read | fs::perms::owner_exec);
  if (::geteuid() == 0) place = "/proc";  // permissions do not bind root
  CHECK(contains(complaint([&] { check_writable(place + "/a.h5"); }), "cannot write " + place + "/a.h5: "));
  CHECK(contains(complaint([&] { write(example_results(1), place + "/a.h5"); }), "cannot write " + place + "/a.h5: "));
}

TEST_CASE("a disk that fills up leaves the earlier result, nothing beside it, and one clear error", "[results]") {
  const ScratchFolder folder;
  auto results = example_results(1);
  write(results, folder / "a.h5");
  const auto before = bytes_of_file(folder / "a.h5");
  results.title = "second";

  // No file of this process may grow beyond the limit: write() fails as it does on a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old;
  ::getrlimit(RLIMIT_FSIZE, &old);
  for (rlim_t limit : {rlim_t(0), rlim_t(1), rlim_t(4096), rlim_t(before.size() - 1)}) {
    const rlimit low{limit, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &low);
    const auto said = complaint([&] { write(results, folder / "a.h5"); });
    ::setrlimit(RLIMIT_FSIZE, &old);
    CHECK(said == "cannot write " + folder / "a.h5" + ": File too large");
    CHECK(bytes_of_file(folder / "a.h5") == before);
    CHECK(folder.files() == 1);
  }
  write(results, folder / "a.h5");
  CHECK(read(folder / "a.h5").title == "second");

  // A real full disk, where this process may mount one.
  const std::string disk = folder / "disk";
  fs::create_directory(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=64k") != 0) return;
  const auto said = complaint([&] { write(results, disk + "/a.h5"); });
  CHECK(fs::is_empty(disk));
  ::umount(disk.c_str());
  CHECK(said == "cannot write " + disk + "/a.h5: No space left on device");
}

TEST_CASE("killed while it writes, a process leaves the earlier result whole", "[results]") {
  const ScratchFolder folder;
  const auto results = example_results(1);
  write(results, folder / "a.h5");
  const auto before = bytes_of_file(folder / "a.h5");
  for (rlim_t limit : {rlim_t(1), rlim_t(before.size() / 2), rlim_t(before.size() - 1)}) {
    const pid_t writer = ::fork();
    if (writer == 0) {  // killed by the signal of a file that grows beyond the limit
      const rlimit low{limit, limit};
      std::signal(SIGXFSZ, SIG_DFL);
      ::setrlimit(RLIMIT_FSIZE, &low);
      write(results, folder / "a.h5");
      ::_exit(0);
    }
    int status;
    ::waitpid(writer, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(bytes_of_file(folder / "a.h5") == before);
  }
  for (int milliseconds : {1, 3, 7, 15, 30}) {
    const pid_t writer = ::fork();
    if (writer == 0)
      for (;;) write(results, folder / "a.h5");
    ::usleep(1000 * milliseconds);
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    CHECK(verify(folder / "a.h5").good());
  }
}

TEST_CASE("what is not a whole results file is reported, not read", "[results]") {
  const ScratchFolder folder;
  write(example_results(1), folder / "a.h5");
  CHECK(verify(folder / "a.h5").good());
  const auto whole = bytes_of_file(folder / "a.h5");

  CHECK_FALSE(verify(folder / "missing.h5").good());
  CHECK(contains(verify(folder / "missing.h5").problems.at(0), "No such file"));
  write_bytes(folder / "text.h5", "not HDF5 at all");
  CHECK(contains(verify(folder / "text.h5").problems.at(0), "not an HDF5 file"));
  CHECK_THROWS_AS(read(folder / "text.h5"), std::runtime_error);
  write_bytes(folder / "a.part", "kramers shard, layout 4, little-endian\n");
  CHECK(contains(verify(folder / "a.part").problems.at(0), "it is a kramers shard, not an HDF5 file"));
  for (std::size_t length : {std::size_t(0), std::size_t(100), whole.size() / 2, whole.size() - 1}) {
    write_bytes(folder / "cut.h5", whole.substr(0, length));
    CHECK_FALSE(verify(folder / "cut.h5").good());
    if (length < whole.size() - 1) CHECK_THROWS_AS(read(folder / "cut.h5"), std::runtime_error);
  }
}

TEST_CASE("every flipped byte is reported", "[results][heavy]") {
  const ScratchFolder folder;
  write(example_results(1), folder / "a.h5");
  const auto whole = bytes_of_file(folder / "a.h5");
  int flipped = 0, reported = 0, read_anyway = 0;
  for (std::size_t at = 0; at < whole.size(); at += at + 100 < whole.size() ? 397 : 1) {  // and each of the last line
    auto bytes = whole;
    bytes[at] = char(bytes[at] ^ 1 << at % 8);
    write_bytes(folder / "flipped.h5", bytes);
    ++flipped;
    reported += !verify(folder / "flipped.h5").good();
    read_anyway += complaint([&] { read(folder / "flipped.h5"); }) == "nothing was thrown";
  }
  CHECK(reported == flipped);
  CHECK(read_anyway <= 16);  // where the flip is in the words of the last line, it looks like no seal at all
}
