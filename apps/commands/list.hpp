#pragma once

#include <vector>

#include "apps/commands/flags.hpp"

namespace kramers {

std::vector<Command> commands();

}  // namespace kramers
