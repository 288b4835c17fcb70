#pragma once

#include <cstdint>
#include <string>

namespace kramers::analysis {

/// Numbers of the longest kept paths that a run of an experiment (as resolved) has; at most those that this machine's
/// memory holds. Throws ExperimentError.
std::uint64_t most_path_numbers(const std::string& experiment);

}  // namespace kramers::analysis
