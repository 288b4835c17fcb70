#pragma once

#include <functional>
#include <iostream>
#include <string>

namespace kramers::apps {

/// Seconds of a clock that never goes back.
double steady_seconds();

/// How far a sweep has come: percent, trajectory-steps per second, time left, which run, and what else the caller says.
/// A terminal gets one line, redrawn up to ten times a second; anything else a plain line every ten seconds, and none
/// if it is over sooner. It belongs on standard error; standard output is for results.
class Progress {
 public:
  enum class Mode { quiet, lines, live };

  /// live where standard error is a terminal, lines where not.
  static Mode for_standard_error(bool quiet);

  explicit Progress(Mode mode, std::ostream& out = std::cerr, std::function<double()> clock = steady_seconds);
  ~Progress();  // takes an unfinished live line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// So many trajectory-steps of the sweep were done before it began.
  void begin_with(double done) { done_before_ = done; }
  /// Run `index` (from 1) of `runs` goes on now.
  void run(int index, int runs);
  /// `done` of `total` trajectory-steps of the whole sweep; cheap, may be called at any rate from one thread.
  void update(double done, double total, const std::string& text = {});
  /// Takes the live line away, so that results can be printed; the next update redraws it.
  void clear();
  /// Says what was done in which time, if anything was said before.
  void finish();

 private:
  void say(const std::string& line);

  Mode mode_;
  std::ostream& out_;
  std::function<double()> clock_;
  double begin_, next_;
  double done_ = 0, done_before_ = 0;
  int run_ = 1, runs_ = 1;
  bool said_ = false, on_screen_ = false;
};

/// 42 s, 3 min 05 s, 2 h 07 min, 3 d 04 h.
std::string duration_text(double seconds);

}  // namespace kramers::apps
