#pragma once

#include <string>

#include "analysis/results/results_file.hpp"

namespace kramers::apps {

/// analysis::read, for commands that show what is in a file: what a reader of it has to know goes to standard error.
analysis::Results read_results(const std::string& path);

}  // namespace kramers::apps
