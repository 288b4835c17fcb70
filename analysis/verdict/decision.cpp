#include "analysis/verdict/decision.hpp"

#include <algorithm>

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
  return decisions.empty() ? Decision::not_judged : *std::ranges::max_element(decisions);
}

}  // namespace kramers::analysis
