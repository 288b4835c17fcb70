#pragma once

#include <vector>

#include "apps/json.hpp"
#include "landscapes/parameters.hpp"

namespace kramers {

Json as_json(const std::vector<landscapes::ParameterDescription>& parameters);
/// A line each, indented.
void print(const std::vector<landscapes::ParameterDescription>& parameters);

}  // namespace kramers
