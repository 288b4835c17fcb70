#pragma once

#include <vector>

#include "apps/json.hpp"
#include "landscapes/parameters.hpp"

namespace kramers {

Json parameters_json(const std::vector<landscapes::ParameterDescription>& parameters);
/// A line each, indented.
void print_parameters(const std::vector<landscapes::ParameterDescription>& parameters);

}  // namespace kramers
