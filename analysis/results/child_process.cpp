#include "analysis/results/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <new>

namespace kramers::analysis {
namespace {

std::string complaint_of(const std::function<void()>& work) {
  try {
    work();
    return "";
  } catch (const std::bad_alloc&) {
    return "it would take more memory than a file of its size may";
  } catch (const std::exception& error) {
    return error.what();
  }
}

void limit(int resource, rlim_t most) {
  rlimit all;
  ::getrlimit(resource, &all);
  all.rlim_cur = std::min(most, all.rlim_max);
  ::setrlimit(resource, &all);
}

/// Address space [bytes] of this process.
std::uint64_t address_space() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * std::uint64_t(::sysconf(_SC_PAGESIZE));
}

constexpr char done = '.';  // before the words

[[noreturn]] void be_child(int answer, const ChildLimits& limits, const std::function<void()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU, SIGALRM, SIGPIPE}) ::signal(signal, SIG_DFL);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (int stream : {0, 1, 2}) ::dup2(nowhere, stream);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, limits.seconds);
  limit(RLIMIT_AS, address_space() + limits.memory);
  ::alarm(10 * limits.seconds);
  const std::string words = done + complaint_of(work);
  for (std::size_t at = 0; at < words.size();) {
    const auto written = ::write(answer, words.data() + at, words.size() - at);
    if (written <= 0) break;
    at += std::size_t(written);
  }
  ::_exit(0);
}

}  // namespace

void allow_memory(std::uint64_t more) {
  rlimit all;
  ::getrlimit(RLIMIT_AS, &all);
  if (all.rlim_cur != RLIM_INFINITY) limit(RLIMIT_AS, all.rlim_cur + more);
}

std::string complaint_of_child(const ChildLimits& limits, const std::function<void()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return complaint_of(work);
  const pid_t child = ::fork();
  if (child == 0) be_child(ends[1], limits, work);
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return complaint_of(work);
  }
  std::string words;
  char bytes[4096];
  for (;;) {
    const auto length = ::read(ends[0], bytes, sizeof bytes);
    if (length > 0)
      words.append(bytes, std::size_t(length));
    else if (length == 0 || errno != EINTR)
      break;
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (words.starts_with(done)) return words.substr(1);
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (signal == SIGXCPU || signal == SIGALRM || signal == SIGKILL) return "reading it does not come to an end";
  return "the HDF5 library crashes on it";
}

}  // namespace kramers::analysis
