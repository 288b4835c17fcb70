#include "apps/process/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <ctime>
#include <vector>

#include "analysis/results/lock_file.hpp"
#include "apps/process/status.hpp"

namespace kramers::apps {
namespace {

std::atomic<const char*> said_at_once = nullptr;
volatile pid_t owner = 0;
volatile std::sig_atomic_t received = 0;
volatile double received_at = 0;  // [s]
static_assert(std::atomic<const char*>::is_always_lock_free, "or no handler could read it");

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

extern "C" void remember(int signal) {
  if (::getpid() != owner) {  // a process that this one has made has no work to save
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  constexpr double together = 0.2;  // [s]: `timeout` signals a process, and then the group that it is in
  if (const char* words = said_at_once) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words, std::strlen(words));
    analysis::release_lock();
    ::_exit(status::interrupted);
  }
  if (received == 0) {
    received_at = now();  // first: another thread may be here with the other signal
    received = signal;
  } else if ((signal == SIGINT || signal == SIGQUIT) && now() > received_at + together) {
    analysis::release_lock();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

/// All whose default ends a program, but for SIGKILL, a crash's, and those of writing, which are errors (streams.hpp).
std::vector<int> deadly_signals() {
  std::vector<int> all = {SIGHUP,    SIGINT,  SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,  SIGALRM,
                          SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,   SIGPWR,  SIGSTKFLT};
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) all.push_back(signal);
  return all;
}

}  // namespace

Interrupt::Interrupt(const char* at_once) {
  owner = ::getpid();
  said_at_once = at_once;
  received = 0;
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;  // reading and writing go on undisturbed
  sigemptyset(&action.sa_mask);
  for (const int signal : deadly_signals()) {
    struct sigaction old {};
    sigaction(signal, nullptr, &old);
    const bool is_default = !(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL;
    if (!is_default && signal != SIGINT && signal != SIGTERM) continue;  // ignored, or a profiler's
    sigaction(signal, &action, &old_[signal]);
  }
}

Interrupt::~Interrupt() {
  said_at_once = nullptr;
  for (const auto& [signal, action] : old_) sigaction(signal, &action, nullptr);
}

void Interrupt::hold() { said_at_once = nullptr; }

int Interrupt::signal() const { return received; }

}  // namespace kramers::apps
