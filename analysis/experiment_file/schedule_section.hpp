#pragma once

#include <optional>
#include <string>

#include "analysis/document/section.hpp"
#include "analysis/experiment/experiment.hpp"

namespace kramers::analysis {

/// A key whose value is a number, or a table that says how it changes in the course of the run:
///
///     { kind = "constant", value, over }                  `over` is a length; without it: for ever
///     { kind = "steps", values, lengths }                 stages one after the other
///     { kind = "square", values, lengths, cycles }        the same again and again, or so many times
///     { kind = "triangular", low, high, half_cycle, cycles }    up and down (Smith 2015)
///     { kind = "linear" | "cosine", from, to, over }
///     { kind = "warm-up", from, to, over }                linear; then it stays
///     { kind = "piecewise", pieces = [..] }               such tables one after the other
///
/// `units` of lengths: "steps" or "epochs", of `dataset_size` examples; `then` after the end: "hold" or "repeat".
struct NumberOrSchedule {
  std::optional<double> first;  // the number, or that of the first step
  std::optional<GivenSchedule> schedule;
};

/// `whole`: values are rounded to the nearest whole number. What is wrong goes to the section's problems.
NumberOrSchedule read_number_or_schedule(Section& section, const std::string& key, const Allowed& allowed, bool whole,
                                         std::optional<std::uint64_t> dataset_size);

}  // namespace kramers::analysis
