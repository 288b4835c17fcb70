#include "sde/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::sde {
namespace {

void add(Counts& to, const Counts& from) {
  for (std::size_t i = 0; i < to.at.size(); ++i) to.at[i] += from.at[i];
}

}  // namespace

void RunStatistics::merge(const RunStatistics& other) {
  for (std::size_t k = 0; k < densities.size(); ++k) add(densities[k], other.densities[k]);
  add(basins, other.basins);
  for (std::size_t i = 0; i < exact_sums.size(); ++i) exact_sums[i].add(other.exact_sums[i]);
  round_sums();
  for (std::size_t g = 0; g < sample_count.size(); ++g) sample_count[g] += other.sample_count[g];
  for (std::size_t k = 0; k < tallies.size(); ++k) tallies[k].merge(other.tallies.at(k));
  final_state_hash += other.final_state_hash;

  diverged += other.diverged;
  divergences.insert(divergences.end(), other.divergences.begin(), other.divergences.end());
  std::ranges::sort(divergences, {}, &Divergence::trajectory);
  if (divergences.size() > most_divergences_kept) divergences.resize(most_divergences_kept);

  // A path is NaN where it is another part's, and where it diverged.
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (std::isnan(paths[i])) paths[i] = other.paths[i];
}

const Tally* RunStatistics::tally(const std::string& name) const {
  const auto found = std::ranges::find(tallies, name, [](const Tally& tally) { return tally.shape.name; });
  return found == tallies.end() ? nullptr : &*found;
}

void RunStatistics::round_sums() {
  sums.clear();
  for (const ExactSum& sum : exact_sums) sums.push_back(sum.value());
}

}  // namespace kramers::sde
