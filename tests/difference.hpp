#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "sde/statistics.hpp"

namespace kramers::tests {

/// In what two samples differ by a bit, or else nothing.
inline std::string difference(const sde::RunStatistics& a, const sde::RunStatistics& b) {
  const auto same_path = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  const auto same_divergence = [](const sde::Divergence& x, const sde::Divergence& y) {
    return x.trajectory == y.trajectory && x.step == y.step && x.where == y.where;
  };
  if (a.final_state_hash != b.final_state_hash) return "final states";
  if (a.sums != b.sums) return "sums";
  if (a.moments.sums != b.moments.sums) return "sums by start group";
  if (a.counted.at != b.counted.at) return "samples that were counted";
  if (a.transitions.at != b.transitions.at) return "changes of basin";
  if (a.sample_count != b.sample_count) return "numbers of samples";
  if (a.expected.at != b.expected.at) return "samples due";
  if (a.densities.size() != b.densities.size()) return "number of densities";
  for (std::size_t k = 0; k < a.densities.size(); ++k)
    if (a.densities[k].at != b.densities[k].at) return "density " + std::to_string(k);
  if (a.basins.at != b.basins.at) return "basins";
  if (a.phases.length(0) > 0 && b.phases.length(0) > 0) {
    if (a.phases.sums != b.phases.sums) return "sums by phase";
    if (a.phase_basins.at != b.phase_basins.at) return "basins by phase";
  }
  if (a.passages.size() != b.passages.size()) return "number of events";
  for (std::size_t k = 0; k < a.passages.size(); ++k)
    for (const auto counts : sde::PassageCounts::all)
      if ((a.passages[k].*counts).at != (b.passages[k].*counts).at) return "passages of event " + std::to_string(k);
  if (a.tallies.size() != b.tallies.size()) return "number of tallies";
  for (std::size_t k = 0; k < a.tallies.size(); ++k)
    if (a.tallies[k].shape != b.tallies[k].shape || a.tallies[k].sums != b.tallies[k].sums)
      return "tally " + a.tallies[k].shape.name;
  if (!std::ranges::equal(a.paths, b.paths, same_path)) return "kept paths";
  if (a.diverged != b.diverged) return "number of diverged trajectories";
  if (!std::ranges::equal(a.divergences, b.divergences, same_divergence)) return "places of divergence";
  return "";
}

}  // namespace kramers::tests
