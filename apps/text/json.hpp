#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace kramers {

/// What --json prints: keys in the order in which they are written; numbers that JSON has no word for become null.
using Json = nlohmann::ordered_json;

/// null: not known.
inline Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace kramers
