#include "sde/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kramers::sde {
namespace {

void add(Counts& to, const Counts& from) {
  for (std::size_t i = 0; i < to.at.size(); ++i) to.at[i] += from.at[i];
}

}  // namespace

TallyShape moments_shape(int groups, const SumRows& rows) {
  return {"moments",
          "moments over all samples",
          {TallyAxis::counted("group", "group of start points", groups),
           TallyAxis::counted("row", "what was summed up, loss and temperature by part of time", rows.count())}};
}

TallyShape phases_shape(int phases, int dim) {
  std::vector<std::string> names = {"samples"};
  for (int i = 0; i < dim; ++i) names.push_back("theta_" + std::to_string(i));
  for (int i = 0; i < dim; ++i) names.push_back("theta_" + std::to_string(i) + " theta_" + std::to_string(i));
  for (const char* last : {"loss", "loss loss"}) names.push_back(last);
  return {"phases",
          "samples by the phase of the schedule",
          {TallyAxis::counted("phase", "phase: a stage, or a bin of what is continuous", phases),
           {"phase_quantity", "product that was summed", names}}};
}

void RunStatistics::merge(const RunStatistics& other) {
  looks = std::max(looks, other.looks);
  const auto counts = counts_of(*this);
  const auto more_counts = counts_of(other);
  for (std::size_t k = 0; k < counts.size(); ++k) add(*counts[k], *more_counts.at(k));
  const auto sums_here = tallies_of(*this);
  const auto more_sums = tallies_of(other);
  for (std::size_t k = 0; k < sums_here.size(); ++k) sums_here[k]->merge(*more_sums.at(k));
  add_up();
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
  for (Tally* tally : tallies_of(*this)) tally->round();
  add_up();
}

void RunStatistics::add_up() {
  const SumRows kept = rows();
  if (moments.exact.size() != std::size_t(groups) * replicates * kept.count() || counted.replicates != replicates)
    throw std::runtime_error("sums that do not fit the start groups, replicates and quantities of a run");
  sums.clear();
  sample_count.assign(replicates, 0);
  for (int g = 0; g < replicates; ++g) {
    for (int group = 0; group < counted.groups; ++group) sample_count[g] += counted(group, g, 0);
    const ExactSum* of_replicate = moments.of(g);
    // of all groups, and of all parts of time
    const auto total = [&](int first, int count) {
      ExactSum sum;
      for (int group = 0; group < groups; ++group)
        for (int row = first; row < first + count; ++row)
          sum.add(of_replicate[std::size_t(group) * kept.count() + row]);
      sums.push_back(sum.value());
    };
    for (int row = 0; row < kept.loss(0); ++row) total(row, 1);
    total(kept.loss(0), time_parts);
    total(kept.squared_loss(), 1);
    total(kept.temperature(0), time_parts);
  }
}

}  // namespace kramers::sde
