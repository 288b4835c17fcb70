#pragma once

#include "analysis/document/document.hpp"
#include "analysis/document/section.hpp"
#include "analysis/experiment/draft.hpp"

namespace kramers::analysis {

/// Reads all sections; whatever is wrong goes to `problems`, and the draft is complete when nothing was.
Draft read_sections(const Node& document, std::uint64_t run, std::uint64_t runs, Problems& problems);

/// The full name of a key that belongs elsewhere than where it was found, or "".
std::string home_of(const std::string& key);

}  // namespace kramers::analysis
