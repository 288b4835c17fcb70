#pragma once

#include <vector>

#include "analysis/recorded/recorded.hpp"

namespace kramers::analysis {

/// All, in the order of tallies, tables and lines.
const std::vector<Recorded>& recorded_things();

/// Reads all keys that ask for one of them.
void read_requests(Section& record, Draft& draft);

/// What was found of each that was recorded.
std::vector<Table> recorded_tables(const Experiment& experiment, const sde::RunStatistics& statistics);

}  // namespace kramers::analysis
