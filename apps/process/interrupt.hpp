#pragma once

#include <csignal>
#include <map>

namespace kramers::apps {

/// While it lives, no signal ends the program in the middle of its work: Ctrl-C (SIGINT), SIGTERM, and each other one
/// whose default would end it (a lost terminal, a scheduler's warning, a limit of time, an alarm, real-time signals),
/// but for SIGKILL and those of a crash. Whatever of these was ignored when the program began, as SIGHUP is by nohup,
/// stays so, except SIGINT and SIGTERM. The handlers from before come back at the end. One at a time.
///
/// A second Ctrl-C or Ctrl-\ (SIGQUIT), unless it comes along with the first signal, ends it at once. A second signal
/// of another kind does not: limits and schedulers repeat theirs.
class Interrupt {
 public:
  /// Signals are noted. `at_once`: until hold(), when there is nothing to lose yet, they end the program with 130, what
  /// it has locked is released, and these words (which stay where they are) are said.
  explicit Interrupt(const char* at_once = nullptr);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// From now on signals are noted.
  void hold();

  bool requested() const { return signal() != 0; }
  /// The signal that asked; 0: none.
  int signal() const;

 private:
  std::map<int, struct sigaction> old_;
};

}  // namespace kramers::apps
