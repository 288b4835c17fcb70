#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sde/ensemble_plan.hpp"
#include "sde/lanes.hpp"

namespace kramers::sde {

/// One block at one sample.
template <Real R>
struct Sample {
  const Lanes& lanes;
  std::uint64_t step;
  std::uint64_t number;       // of the sample, counted from 1
  int part;                   // of time
  const R* theta;             // d rows
  const R* loss;              // one row
  const double* temperature;  // one row: the mean of `temperatures`
  const R* log_acceptance;    // one row: BlockScheme::log_acceptance; or null
  int thread;
  int phase;                   // of the course; -1: in none
  const double* temperatures;  // d rows: the scheme's estimates, BlockScheme::temperatures
};

/// Sees every sampled block and turns what it saw into statistics. Blocks come from several threads, each block from
/// one thread at a time and in step order.
template <Real R>
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void observe(const Sample<R>& sample) = 0;
  /// The lane's trajectory ends here: finished or diverged, with `samples` samples seen.
  virtual void retire(const Lanes& lanes, int lane, std::uint64_t samples) = 0;
  /// Adds what it has to the statistics; it may go on seeing blocks.
  virtual void report(RunStatistics& statistics) = 0;
  /// The rows of a block that it sums up of each trajectory until that retires.
  virtual std::span<double> sums([[maybe_unused]] std::uint64_t block) { return {}; }
  /// What else it remembers of a lane's trajectory, where it follows that one among others.
  virtual std::span<double> memory([[maybe_unused]] std::uint64_t block, [[maybe_unused]] int lane) { return {}; }
};

/// All observers that the plan asks for.
template <Real R>
std::vector<std::unique_ptr<Observer<R>>> make_observers(const BlockLandscape<R>& landscape, const EnsemblePlan& plan,
                                                         int threads);

}  // namespace kramers::sde
