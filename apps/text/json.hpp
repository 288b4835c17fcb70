#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/estimate.hpp"

namespace kramers {

/// What --json prints: keys in the order in which they are written; numbers that JSON has no word for become null.
using Json = nlohmann::ordered_json;

/// null: not known.
inline Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

/// Adds NAME and NAME_error.
inline void add_estimate(Json& json, const std::string& name, const analysis::Estimate& estimate) {
  json[name] = estimate.value;
  json[name + "_error"] = estimate.error;
}
inline void add_estimate(Json& json, const std::string& name, const std::vector<analysis::Estimate>& estimates) {
  Json values = Json::array(), errors = Json::array();
  for (const analysis::Estimate& estimate : estimates) {
    values.push_back(estimate.value);
    errors.push_back(estimate.error);
  }
  json[name] = values;
  json[name + "_error"] = errors;
}
/// null where there is none.
inline void add_estimate(Json& json, const std::string& name, const std::optional<analysis::Estimate>& estimate) {
  if (estimate) return add_estimate(json, name, *estimate);
  json[name] = Json();
  json[name + "_error"] = Json();
}
/// Adds NAME_lower and NAME_upper.
inline void add_bounds(Json& json, const std::string& name, const analysis::Bounds& bounds) {
  json[name + "_lower"] = bounds.lower;
  json[name + "_upper"] = bounds.upper;
}

}  // namespace kramers
