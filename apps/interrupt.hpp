#pragma once

#include <csignal>

namespace kramers::apps {

/// While it lives, Ctrl-C (SIGINT) and SIGTERM ask the program to stop instead of ending it; a second one, unless it
/// comes along with the first, ends it at once. The handlers from before come back at the end. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool requested() const { return signal() != 0; }
  /// The signal that asked; 0: none.
  int signal() const;

 private:
  struct sigaction old_interrupt_, old_terminate_;
};

}  // namespace kramers::apps
