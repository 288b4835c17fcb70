#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sde/ensemble_state.hpp"
#include "sde/statistics.hpp"

namespace kramers::sde {

/// The statistics of a part of a run as bytes, exact sums and all, for another process of the same build and kind of
/// machine. Kept paths take room only where the part has them.
std::vector<std::byte> to_bytes(const RunStatistics& statistics);

/// Throws std::runtime_error for bytes that are not whole, or whose numbers do not fit together. Kept paths longer than
/// `most_path_numbers` are refused: those of other parts take no bytes, and would take as much memory as is claimed.
RunStatistics from_bytes(std::span<const std::byte> bytes,
                         std::uint64_t most_path_numbers = std::numeric_limits<std::uint64_t>::max());

/// The same of a piece of an ensemble's state.
std::vector<std::byte> to_bytes(const Piece& piece);
Piece piece_from_bytes(std::span<const std::byte> bytes);

}  // namespace kramers::sde
