#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace kramers::analysis {

/// Least and largest.
struct Range {
  double low, high;
  /// One number, but for rounding.
  bool is_one() const { return high - low <= 1e-12 * high; }
  std::optional<double> one() const { return is_one() ? std::optional(high) : std::nullopt; }
};

/// What a course comes to over a whole run.
struct CourseSurvey {
  Range temperature, effective_temperature, time_step;
  std::optional<Range> learning_rate, batch_size;
  double burn_in_time = 0, sampled_time = 0;  // [time] sums of h
  double unstable_from;                       // the least curvature from which the scheme diverges at some step
  /// Means over the steps of each phase after the burn-in; 0 steps: it never comes.
  struct Phase {
    std::uint64_t steps = 0;
    double learning_rate = 0, batch_size = 0, temperature = 0;
  };
  std::vector<Phase> phases;

  /// f(name, range) for each of them.
  template <class F>
  void visit(F f) const {
    f("temperature", temperature);
    if (effective_temperature.high != temperature.high) f("effective_temperature", effective_temperature);
    f("time_step", time_step);
    if (learning_rate) f("learning_rate", *learning_rate);
    if (batch_size) f("batch_size", *batch_size);
  }
};

}  // namespace kramers::analysis
