#include "sde/plan_fit.hpp"

#include <algorithm>

namespace kramers::sde {
namespace {

bool has_shape(const Counts& counts, int groups, int replicates, int cells) {
  return counts.groups == groups && counts.replicates == replicates && counts.cells == cells &&
         counts.at.size() == std::size_t(groups) * replicates * cells;
}

/// No replicate of a group has more samples than were due.
bool within(const Counts& counts, const Counts& due) {
  const std::size_t cells = counts.cells;
  for (std::size_t row = 0; row < due.at.size(); ++row) {
    std::uint64_t left = due.at[row];
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::uint64_t n = counts.at[row * cells + cell];
      if (n > left) return false;
      left -= n;
    }
  }
  return true;
}

}  // namespace

std::string misfit(const RunStatistics& s, const EnsemblePlan& plan, int dim, bool until_the_end) {
  const RunStatistics due = empty_statistics(plan, dim);
  if (s.trajectories != due.trajectories) return "trajectories";
  if (until_the_end ? s.samples != due.samples : s.samples > due.samples) return "samples";
  if (s.dim != due.dim || s.full_covariance != due.full_covariance) return "coordinates";
  if (s.replicates != due.replicates || s.groups != due.groups) return "groups or replicates";
  if (until_the_end && s.expected.at != due.expected.at) return "samples due";
  if (s.diverged > s.trajectories || s.divergences.size() > s.diverged) return "diverged trajectories";
  if (s.sums.size() != std::size_t(due.quantities()) * due.replicates ||
      s.moments.sums.size() != std::size_t(due.groups) * due.replicates * std::size_t(due.rows().count()) ||
      s.sample_count.size() != std::size_t(due.replicates))
    return "sums over samples";
  const int regions = due.groups * time_parts;
  if (!has_shape(s.counted, regions, due.replicates, 1)) return "samples that were counted";

  if (s.densities.size() != plan.densities.size()) return "densities";
  for (std::size_t k = 0; k < s.densities.size(); ++k)
    if (!has_shape(s.densities[k], regions, due.replicates, plan.densities[k].cell_count()) ||
        (until_the_end && !within(s.densities[k], due.expected)))
      return "counts of density " + std::to_string(k);
  const int cells = plan.minima > 0 ? plan.minima + 1 : 0;
  if (s.basins.cells != cells || (cells > 0 && (!has_shape(s.basins, regions, due.replicates, cells) ||
                                                (until_the_end && !within(s.basins, due.expected)))))
    return "counts of basins";
  if (cells > 0 && !has_shape(s.transitions, 1, due.replicates, plan.minima * plan.minima)) return "changes of basin";

  if (s.phases.length(0) != plan.phases() ||
      s.phases.sums.size() !=
          std::size_t(plan.phases()) * std::size_t(due.replicates) * std::size_t(phase_quantities(dim)) ||
      (s.phase_basins.cells != 0 && !has_shape(s.phase_basins, regions, due.replicates, plan.phases() * cells)))
    return "phases";

  if (s.passages.size() != plan.passages.size()) return "events";
  for (std::size_t k = 0; k < s.passages.size(); ++k) {
    const PassageEvent& event = plan.passages[k];
    const PassageCounts& counts = s.passages[k];
    const int origins = event.origins(plan.minima), destinations = event.destinations(plan.minima);
    const auto fits = [&](const Counts& c, int n) { return has_shape(c, origins, due.replicates, n); };
    if ((until_the_end && counts.steps_per_bin != event.steps_per_bin) || !fits(counts.trajectories, 1) ||
        !fits(counts.exposure, 1) || !fits(counts.passed, event.bins + 1) || !fits(counts.lost, event.bins + 1) ||
        counts.destinations.cells != destinations || (destinations > 0 && !fits(counts.destinations, destinations)))
      return "counts of event " + std::to_string(k);
  }

  for (const PlannedTally& planned : planned_tallies(plan)) {
    if (s.samples != due.samples) continue;  // of a shorter run: it is compared in whole before it goes on
    const Tally* tally = s.tally(planned.shape.name);
    if (!tally || tally->replicates != due.replicates ||
        tally->sums.size() != planned.shape.size() * std::size_t(due.replicates) ||
        tally->shape.axes.size() != planned.shape.axes.size())
      return "sums of " + planned.shape.name;
    for (std::size_t i = 0; i < planned.shape.axes.size(); ++i)
      if (tally->shape.axes[i].at.size() != planned.shape.axes[i].at.size()) return "sums of " + planned.shape.name;
  }

  const std::uint64_t chains = std::min(plan.path_count, plan.trajectories), draws = plan.steps / plan.path_every;
  const bool kept = s.chains > 0 && s.draws > 0;  // a file has no place for a path without states
  if (s.paths.size() != s.chains * s.draws * std::uint64_t(dim) || (kept && s.chains != chains) || s.draws > draws ||
      (until_the_end && (kept ? s.draws != draws : chains > 0 && draws > 0)))
    return "kept paths";
  return "";
}

bool same_shape(const RunStatistics& a, const RunStatistics& b) {
  const auto same = [](const Counts* one, const Counts* other) {
    return one->groups == other->groups && one->replicates == other->replicates && one->cells == other->cells &&
           one->at.size() == other->at.size();
  };
  // Nothing is due yet of what stands between two steps.
  const bool same_due = a.expected.at.empty() || b.expected.at.empty() || a.expected.at == b.expected.at;
  const auto same_tally = [](const Tally* one, const Tally* other) {
    return one->shape == other->shape && one->replicates == other->replicates;
  };
  return a.trajectories == b.trajectories && a.samples == b.samples && a.dim == b.dim && a.replicates == b.replicates &&
         a.groups == b.groups && a.full_covariance == b.full_covariance && same_due &&
         a.densities.size() == b.densities.size() && a.passages.size() == b.passages.size() &&
         std::ranges::equal(counts_of(a), counts_of(b), same) &&
         std::ranges::equal(tallies_of(a), tallies_of(b), same_tally) &&
         a.sample_count.size() == b.sample_count.size() && a.chains == b.chains && a.draws == b.draws &&
         a.paths.size() == b.paths.size();
}

}  // namespace kramers::sde
