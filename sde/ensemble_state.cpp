#include "sde/ensemble_state.hpp"

#include <algorithm>
#include <limits>

#include "sde/block.hpp"

namespace kramers::sde {
std::uint64_t piece_size(std::uint64_t numbers) {
  constexpr std::uint64_t bytes = std::uint64_t(1) << 22;
  return std::max<std::uint64_t>(1, bytes / (sizeof(double) * numbers * block_lanes)) * block_lanes;
}

std::uint64_t average_step(const std::vector<Stretch>& outline, std::uint64_t trajectories) {
  unsigned __int128 sum = 0;
  for (const Stretch& stretch : outline) sum += (unsigned __int128)(stretch.count) * stretch.step;
  return trajectories == 0 ? 0 : std::uint64_t(sum / trajectories);
}

Piece clipped(const Piece& piece, std::uint64_t first, std::uint64_t last) {
  const std::uint64_t begin = std::max(first, piece.at.first), end = std::min(last, piece.at.first + piece.at.count);
  Piece part{.at = {begin, end - begin, piece.at.step}};
  const auto clip = [&](const auto& from, auto& to) {
    for (std::size_t row = 0; row < from.size(); row += piece.at.count) {
      const auto at = from.begin() + row + (begin - piece.at.first);
      to.insert(to.end(), at, at + part.at.count);
    }
  };
  clip(piece.state, part.state);
  clip(piece.sums, part.sums);
  clip(piece.memory, part.memory);
  clip(piece.alive, part.alive);
  return part;
}

SavedState::SavedState(const EnsembleState& state) : yielded(state.statistics()) {
  state.visit(0, std::numeric_limits<std::uint64_t>::max(), [&](const Piece& piece) { pieces.push_back(piece); });
}

std::vector<Stretch> SavedState::outline() const {
  std::vector<Stretch> all;
  for (const Piece& piece : pieces) all.push_back(piece.at);
  return all;
}

void SavedState::visit(std::uint64_t first, std::uint64_t last, const std::function<void(const Piece&)>& take) const {
  for (const Piece& piece : pieces)
    if (piece.at.first < last && piece.at.first + piece.at.count > first) take(piece);
}

}  // namespace kramers::sde
