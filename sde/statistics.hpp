#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sde/numbers/exact_sum.hpp"
#include "sde/numbers/number.hpp"
#include "sde/tally.hpp"
#include "sde/time_parts.hpp"

namespace kramers::sde {

/// Every statistic is kept per replicate: trajectory k of M belongs to replicate floor(64 k / M) (M < 64: one each).
inline constexpr int max_replicates = 64;
/// The one that a trajectory belongs to.
KRAMERS_HOST_DEVICE inline int replicate_of(std::uint64_t trajectory, std::uint64_t trajectories) {
  return trajectories < max_replicates ? int(trajectory) : int(max_replicates * trajectory / trajectories);
}
KRAMERS_HOST_DEVICE inline int replicates_of(std::uint64_t trajectories) {
  return trajectories < max_replicates ? int(trajectories) : max_replicates;
}
KRAMERS_HOST_DEVICE inline std::uint64_t first_of_replicate(int replicate, std::uint64_t trajectories) {
  const auto replicates = std::uint64_t(replicates_of(trajectories));
  return (std::uint64_t(replicate) * trajectories + replicates - 1) / replicates;
}

/// A histogram of one or two coordinates. Cells: the bins (first axis slowest), then the outside: in one dimension
/// "below" and "above", in two dimensions one cell.
struct DensityGrid {
  std::vector<int> axes;
  std::vector<int> bins;
  std::vector<std::array<double, 2>> range;

  int bin_count() const {
    int count = 1;
    for (int b : bins) count *= b;
    return count;
  }
  int cell_count() const { return bin_count() + (axes.size() == 1 ? 2 : 1); }
  double edge(int axis, int i) const {
    const auto [low, high] = range[axis];
    return i == bins[axis] ? high : low + i * ((high - low) / bins[axis]);
  }
  bool operator==(const DensityGrid&) const = default;
};

/// Counts per (group, replicate, cell). Where samples are counted, group = start group * time_parts + part of time:
/// what tells whether a run is stationary.
struct Counts {
  int groups = 0, replicates = 0, cells = 0;
  std::vector<std::uint64_t> at;  // [(group * replicates + replicate) * cells + cell]

  Counts() = default;
  Counts(int groups, int replicates, int cells)
      : groups(groups), replicates(replicates), cells(cells), at(std::size_t(groups) * replicates * cells) {}
  std::uint64_t& operator()(int group, int replicate, int cell) {
    return at[(std::size_t(group) * replicates + replicate) * cells + cell];
  }
  std::uint64_t operator()(int group, int replicate, int cell) const {
    return at[(std::size_t(group) * replicates + replicate) * cells + cell];
  }
};

/// First passages of one event (PassageEvent), per (origin, replicate). Origins are basins where one is left, else
/// there is one. A trajectory waits from the start until it passes, diverges or ends.
struct PassageCounts {
  std::uint64_t steps_per_bin = 1;
  Counts trajectories;  // one cell: those that waited
  Counts exposure;      // one cell: steps for which they waited, together
  Counts passed;        // by the step of passage: the bins, then all later steps
  Counts lost;          // diverged while waiting, by the last good step: the same cells
  Counts destinations;  // into which basin they passed: minima..., "no basin"; cells = 0 unless basins are left

  static const std::array<Counts PassageCounts::*, 5> all;
};
inline constexpr std::array<Counts PassageCounts::*, 5> PassageCounts::all = {
    &PassageCounts::trajectories, &PassageCounts::exposure, &PassageCounts::passed, &PassageCounts::lost,
    &PassageCounts::destinations};

/// A trajectory that became non-finite or left the guard radius.
struct Divergence {
  std::uint64_t trajectory;
  std::uint64_t step;         // the first bad state is the one after this many steps
  std::vector<double> where;  // the last good state before it
};

/// How many divergences are told of in full.
inline constexpr std::size_t most_divergences_kept = 64;

/// Beyond this dimension only the variances of theta are kept.
inline constexpr int largest_full_covariance = 16;

/// Sum over trajectories of a hash of (trajectory, final state bits) is what tells whether equal runs ended in equal
/// states; x(i) is coordinate i.
template <class X>
KRAMERS_HOST_DEVICE std::uint64_t state_hash(std::uint64_t trajectory, int dim, X x) {
  // a bijection of 64-bit numbers that leaves no pattern (the finaliser of splitmix64; Steele, Lea & Flood 2014)
  const auto mix = [](std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  };
  std::uint64_t hash = mix(trajectory);
  for (int i = 0; i < dim; ++i) hash = mix(hash ^ to_bits(x(i)));
  return hash;
}

/// Rows of what is summed up along each trajectory, of which RunStatistics::sums are made.
struct SumRows {
  int dim;
  bool full_covariance;

  KRAMERS_HOST_DEVICE int products() const { return full_covariance ? dim * (dim + 1) / 2 : dim; }
  KRAMERS_HOST_DEVICE int loss(int part) const { return dim + products() + part; }  // by part of time
  KRAMERS_HOST_DEVICE int squared_loss() const { return loss(time_parts); }
  KRAMERS_HOST_DEVICE int temperature(int part) const { return squared_loss() + 1 + part; }
  KRAMERS_HOST_DEVICE int fourth_power(int i) const { return temperature(time_parts) + i; }  // of theta_i - origin_i
  KRAMERS_HOST_DEVICE int count() const { return fourth_power(dim); }
  /// The product theta_i theta_i.
  int square(int i) const { return dim + (full_covariance ? i * dim - i * (i - 1) / 2 : i); }
  /// The first row of the three to which a row of a part of time belongs, or the row itself.
  KRAMERS_HOST_DEVICE int first_of(int row) const {
    if (row >= loss(0) && row < loss(time_parts)) return loss(0);
    if (row >= temperature(0) && row < temperature(time_parts)) return temperature(0);
    return row;
  }
  KRAMERS_HOST_DEVICE bool has_parts(int row) const {
    return first_of(row) == loss(0) || first_of(row) == temperature(0);
  }
};

/// Sums over the samples of a start group: (group, SumRows).
TallyShape moments_shape(int groups, const SumRows& rows);

/// Sums over the samples of each phase of a course: (phase, quantity): samples, theta_i (dim), theta_i^2 (dim), loss,
/// loss^2.
TallyShape phases_shape(int phases, int dim);
inline constexpr int phase_quantities(int dim) { return 2 * dim + 3; }

/// What one run of an ensemble yields, or a part of the ensemble; parts merge in any order.
struct RunStatistics {
  std::uint64_t trajectories = 0;
  std::uint64_t samples = 0;  // per trajectory that stays whole
  std::uint64_t looks = 0;    // how often a shorter run was finished, and went on
  int dim = 0;
  int replicates = 0;
  int groups = 0;  // of start points; 1 where all trajectories start alike

  Counts expected;                      // one cell: samples due per (group, replicate), diverged trajectories included
  Counts counted;                       // the same of the samples that went into the sums
  std::vector<Counts> densities;        // one per grid; what is missing to `expected` fell to diverged trajectories
  std::vector<PassageCounts> passages;  // one per event
  Counts basins;                        // minima..., then one cell "no basin"; cells = 0 where basins are unknown
  Counts transitions;  // one group; [from][to] changes of basin from one sample of a trajectory to a later one

  /// A diverged trajectory counts up to its last good sample.
  Tally moments;        // moments_shape
  Tally phases;         // phases_shape where the parameters follow a course, else nothing
  Counts phase_basins;  // for each phase: minima..., then one cell "no basin"; cells = 0 where basins are unknown
  /// What `moments` add up to, [replicate][quantity]: theta_i (dim), theta_i theta_j (i <= j row-major if
  /// full_covariance, else i = j), loss, loss^2, and the scheme's temperature estimate.
  std::vector<double> sums;
  bool full_covariance = true;
  std::vector<std::uint64_t> sample_count;  // [replicate] samples that went into `sums`

  std::vector<Tally> tallies;  // what else was asked for

  /// Sum of state_hash over trajectories that did not diverge.
  std::uint64_t final_state_hash = 0;

  std::uint64_t diverged = 0;
  std::vector<Divergence> divergences;  // the first few by trajectory

  /// Kept paths [chain][draw][dim]: trajectories 0 .. chains - 1.
  std::uint64_t chains = 0, draws = 0;
  std::vector<double> paths;

  /// Takes in another part of the same run.
  void merge(const RunStatistics& other);
  /// From what is exact.
  void round_sums();

  SumRows rows() const { return {dim, full_covariance}; }
  int product_count() const { return rows().products(); }
  int quantities() const { return dim + product_count() + 3; }
  double group_sum(int group, int replicate, int row) const {
    return moments.sums_of(replicate)[std::size_t(group) * rows().count() + row];
  }
  /// Of that name among those that were asked for, or null.
  const Tally* tally(const std::string& name) const;

 private:
  /// The moments to `sums`.
  void add_up();
};

/// All that is counted: pointers to the counts of (const) statistics. `expected` is not: it is due, whatever comes.
template <class Statistics>
auto counts_of(Statistics& statistics) {
  std::vector all{&statistics.counted, &statistics.basins, &statistics.transitions, &statistics.phase_basins};
  for (auto& density : statistics.densities) all.push_back(&density);
  for (auto& passage : statistics.passages)
    for (const auto counts : PassageCounts::all) all.push_back(&(passage.*counts));
  return all;
}

/// All that is summed up.
template <class Statistics>
auto tallies_of(Statistics& statistics) {
  std::vector all{&statistics.moments, &statistics.phases};
  for (auto& tally : statistics.tallies) all.push_back(&tally);
  return all;
}

}  // namespace kramers::sde
