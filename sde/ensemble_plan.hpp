#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "sde/course.hpp"
#include "sde/events.hpp"
#include "sde/passages/passage_event.hpp"
#include "sde/request.hpp"
#include "sde/start.hpp"
#include "sde/statistics.hpp"

namespace kramers::sde {

/// Part `index` of `count` of an ensemble, contiguous blocks: what one machine of several simulates.
struct Part {
  std::uint64_t index = 0, count = 1;
  bool operator==(const Part&) const = default;
};

/// What to simulate and record, beside the landscape and the scheme.
struct EnsemblePlan {
  std::uint64_t seed = 1;
  std::uint16_t run = 0;  // index in the sweep
  std::uint64_t trajectories = 0;
  std::uint64_t burn_in = 0;         // steps
  std::uint64_t steps = 0;           // after burn-in, a multiple of sample_every
  std::uint64_t sample_every = 1;    // steps
  std::uint64_t noise_per_step = 1;  // steps of a run of that number whose noise makes that of one step: a power of two
  Start start;
  std::vector<int> start_groups;  // of each start point, numbered from 0; empty: each is a group of its own
  std::vector<DensityGrid> densities;
  std::vector<PassageEvent> passages;
  double step_variance = 0;  // 2 T h, of the noise of one step along any axis: where a passage has a bridge
  int minima = 0;            // of the landscape, where it knows the basin of a point; 0 where it does not
  std::uint64_t path_count = 0, path_every = 1;
  Requests requests;
  std::vector<double> origin;            // a point near the samples, for the measured temperature; empty: zero
  double guard_radius = 1e6;             // a coordinate beyond it means divergence
  int threads = 0;                       // 0: all cores
  Part part;                             // of the ensemble; the parts' statistics merge to those of the whole
  std::shared_ptr<const Course> course;  // null: every step has the parameters of the scheme

  std::uint64_t total_steps() const { return burn_in + steps; }
  Events events() const { return {burn_in, total_steps(), sample_every}; }
  std::uint64_t samples() const { return steps / sample_every; }
  std::uint64_t blocks() const { return (trajectories + block_lanes - 1) / block_lanes; }
  std::uint64_t first_block() const { return blocks() * part.index / part.count; }
  std::uint64_t last_block() const { return blocks() * (part.index + 1) / part.count; }
  std::uint64_t blocks_here() const { return last_block() - first_block(); }
  std::uint64_t trajectories_here() const {
    return std::min(trajectories, last_block() * block_lanes) - std::min(trajectories, first_block() * block_lanes);
  }
  int replicates() const { return replicates_of(trajectories); }
  int replicate(std::uint64_t trajectory) const { return replicate_of(trajectory, trajectories); }
  std::uint64_t first_of_replicate(int r) const { return sde::first_of_replicate(r, trajectories); }
  int phases() const { return course ? course->phases() : 0; }
  /// Groups of start points; all start alike where they start elsewhere.
  int groups() const {
    if (start.kind != Start::Kind::points || start.at.empty()) return 1;
    return start_groups.empty() ? int(start.at.size()) : 1 + *std::ranges::max_element(start_groups);
  }
  int group_of_point(std::uint64_t point) const { return start_groups.empty() ? int(point) : start_groups[point]; }
  int group(std::uint64_t trajectory) const { return groups() == 1 ? 0 : group_of_point(trajectory % start.at.size()); }
};

/// Of everything that is asked for, in the order of RunStatistics::tallies.
std::vector<PlannedTally> planned_tallies(const EnsemblePlan& plan);

/// Memory [bytes] that a run needs: while it runs, for the state and sums of each trajectory; and from then on, for
/// counts, exact sums and kept paths, and for its final state, where that is saved.
struct BytesNeeded {
  double trajectories, records, final_state;
};
/// `extra_rows`: of the scheme; `number`: bytes of each number of the state.
BytesNeeded bytes_needed(const EnsemblePlan& plan, int dim, int extra_rows, std::size_t number);

/// Statistics of nothing yet: sizes, and with `expected` what is due.
RunStatistics blank_statistics(const EnsemblePlan& plan, int dim);
RunStatistics empty_statistics(const EnsemblePlan& plan, int dim);

}  // namespace kramers::sde
