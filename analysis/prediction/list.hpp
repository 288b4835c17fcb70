#pragma once

#include <string>
#include <vector>

#include "analysis/prediction/law.hpp"

namespace kramers::analysis {

/// All laws, in the order in which people see them.
const std::vector<Law>& laws();

/// nullptr if there is no law of that name.
const Law* find_law(const std::string& name);

/// What compare.prediction may be: the laws that are whole, and "none".
std::vector<std::string> prediction_names();

/// "boltzmann_gibbs": the law's key in JSON and its dataset in results files.
std::string key_of(const Law& law);

}  // namespace kramers::analysis
