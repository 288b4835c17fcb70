#include "sde/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::sde {
namespace {

void add(Counts& to, const Counts& from) {
  for (std::size_t i = 0; i < to.at.size(); ++i) to.at[i] += from.at[i];
}

void add(std::vector<ExactSum>& to, const std::vector<ExactSum>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i].add(from[i]);
}

std::vector<double> rounded(const std::vector<ExactSum>& exact) {
  std::vector<double> sums;
  for (const ExactSum& sum : exact) sums.push_back(sum.value());
  return sums;
}

void add(PassageCounts& to, const PassageCounts& from) {
  for (const auto counts : {&PassageCounts::trajectories, &PassageCounts::exposure, &PassageCounts::passed,
                            &PassageCounts::lost, &PassageCounts::destinations})
    add(to.*counts, from.*counts);
}

}  // namespace

void RunStatistics::merge(const RunStatistics& other) {
  for (std::size_t k = 0; k < densities.size(); ++k) add(densities[k], other.densities[k]);
  for (std::size_t k = 0; k < passages.size(); ++k) add(passages[k], other.passages[k]);
  add(basins, other.basins);
  add(phases.basins, other.phases.basins);
  add(exact_sums, other.exact_sums);
  add(phases.exact_sums, other.phases.exact_sums);
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
  sums = rounded(exact_sums);
  phases.sums = rounded(phases.exact_sums);
}

}  // namespace kramers::sde
