#pragma once

#include <nlohmann/json.hpp>

namespace kramers {

/// What --json prints: keys in the order in which they are written; numbers that JSON has no word for become null.
using Json = nlohmann::ordered_json;

}  // namespace kramers
