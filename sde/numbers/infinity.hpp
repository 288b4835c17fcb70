#pragma once

#include <limits>

namespace kramers {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace kramers
