#include "apps/interrupt.hpp"

#include <ctime>

namespace kramers::apps {
namespace {

volatile std::sig_atomic_t received = 0;
volatile double received_at = 0;  // [s]

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

extern "C" void remember(int signal) {
  constexpr double together = 0.2;  // [s]: `timeout` signals a process, and then the group that it is in
  if (received == 0) {
    received_at = now();  // first: another thread may be here with the other signal
    received = signal;
  } else if (now() > received_at + together) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

Interrupt::Interrupt() {
  received = 0;
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;  // reading and writing go on undisturbed
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

int Interrupt::signal() const { return received; }

}  // namespace kramers::apps
