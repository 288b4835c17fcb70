#pragma once

#include <cstdint>

#include "analysis/results/hdf5_calls.hpp"

namespace kramers::analysis::hdf5 {

/// Throws for what no file of kramers, or copy of one, holds, and what a reader could not bear: links other than plain
/// ones, an object of two names (an endless walk), names and texts with control characters, values that lie in other
/// files or are made of others, and values that the bytes of the file cannot make good. `size`: of the file, in bytes.
/// Returns the bytes of the largest dataset.
std::uint64_t inspect(hid_t file, std::uint64_t size);

}  // namespace kramers::analysis::hdf5
