#pragma once

#include <string>
#include <vector>

#include "apps/text/json.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers {

Json parameters_json(const std::vector<landscapes::ParameterDescription>& parameters);
/// A line each, indented.
std::string parameter_lines(const std::vector<landscapes::ParameterDescription>& parameters);

}  // namespace kramers
