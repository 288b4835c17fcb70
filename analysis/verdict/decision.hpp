#pragma once

#include <span>
#include <string>

namespace kramers::analysis {

/// What is said of a comparison, from best to worst. Not judged: nothing is predicted, or the bins tell nothing.
enum class Decision { agrees, not_judged, not_enough_data, not_stationary, disagrees };

/// "agrees", "not judged", "not enough data", "not known to be stationary", "disagrees".
std::string to_string(Decision decision);

/// The verdict of a run or of a sweep is its worst; not judged where there is none.
Decision worst(std::span<const Decision> decisions);

}  // namespace kramers::analysis
