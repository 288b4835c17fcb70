#include "analysis/verdict/decision.hpp"

#include <algorithm>
#include <array>

namespace kramers::analysis {

std::string to_string(Decision decision) {
  switch (decision) {
    case Decision::agrees:
      return "agrees";
    case Decision::not_judged:
      return "not judged";
    case Decision::not_enough_data:
      return "not enough data";
    case Decision::not_stationary:
      return "not known to be stationary";
    case Decision::disagrees:
      break;
  }
  return "disagrees";
}

Decision worst(std::span<const Decision> decisions) {
  using enum Decision;
  static constexpr std::array from_worst = {disagrees, not_stationary, not_enough_data, not_judged, agrees};
  if (decisions.empty()) return not_judged;
  return *std::ranges::find_first_of(from_worst, decisions);
}

}  // namespace kramers::analysis
