#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace kramers::analysis {

/// What is said of a comparison, by its number in results files. Not judged: nothing is predicted, or the bins tell
/// nothing.
enum class Decision : std::int8_t {
  agrees = 0,
  not_enough_data = 1,
  disagrees = 2,
  not_judged = 3,
  not_stationary = 4
};

/// "agrees", "not judged", "not enough data", "not known to be stationary", "disagrees".
std::string to_string(Decision decision);

/// The verdict of a run or of a sweep is its worst, disagrees before not stationary, not enough data, not judged and
/// agrees; not judged where there is none.
Decision worst(std::span<const Decision> decisions);

}  // namespace kramers::analysis
