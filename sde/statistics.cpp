#include "sde/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

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
  looks = std::max(looks, other.looks);
  add(counted, other.counted);
  add(basins, other.basins);
  add(transitions, other.transitions);
  add(phases.basins, other.phases.basins);
  add(exact_sums, other.exact_sums);
  add(phases.exact_sums, other.phases.exact_sums);
  round_sums();
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
  const SumRows kept = rows();
  if (exact_sums.size() != std::size_t(groups) * replicates * kept.count() || counted.replicates != replicates)
    throw std::runtime_error("sums that do not fit the start groups, replicates and quantities of a run");
  group_sums = rounded(exact_sums);
  sums.clear();
  sample_count.assign(replicates, 0);
  for (int g = 0; g < replicates; ++g) {
    for (int group = 0; group < counted.groups; ++group) sample_count[g] += counted(group, g, 0);
    // of all groups, and of all parts of time
    const auto total = [&](int first, int count) {
      ExactSum sum;
      for (int group = 0; group < groups; ++group)
        for (int row = first; row < first + count; ++row)
          sum.add(exact_sums[(std::size_t(group) * replicates + g) * kept.count() + row]);
      sums.push_back(sum.value());
    };
    for (int row = 0; row < kept.loss(0); ++row) total(row, 1);
    total(kept.loss(0), time_parts);
    total(kept.squared_loss(), 1);
    total(kept.temperature(0), time_parts);
  }
  phases.sums = rounded(phases.exact_sums);
}

}  // namespace kramers::sde
