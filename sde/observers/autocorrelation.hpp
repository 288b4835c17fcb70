#pragma once

#include <utility>
#include <vector>

#include "sde/observers/multiple_tau.hpp"
#include "sde/observers/quantities.hpp"

namespace kramers::sde {

/// The trajectories that are followed: as many in every replicate as are asked for, neighbours, so that all start
/// points take part, and from another place in each.
inline bool is_followed(const EnsemblePlan& plan, std::uint64_t trajectory) {
  const std::uint64_t asked = plan.requests.autocorrelation->trajectories, replicates = plan.replicates();
  const std::uint64_t r = plan.replicate(trajectory);
  const auto due = [&](std::uint64_t replicate) { return (replicate * asked + replicates - 1) / replicates; };
  const std::uint64_t first = plan.first_of_replicate(int(r)), size = plan.first_of_replicate(int(r) + 1) - first;
  return (trajectory - first + size - r % size) % size < due(r + 1) - due(r);
}

/// For each quantity x and lag: how many pairs of samples so far apart, sums of their products x x' and of x + x'.
inline PlannedTally plan_autocorrelation(const EnsemblePlan& plan) {
  const AutocorrelationRequest& request = *plan.requests.autocorrelation;
  const MultipleTau correlator(request.longest_lag);
  std::vector<double> lags;
  for (std::size_t i = 0; i < correlator.lags(); ++i) lags.push_back(double(correlator.lag(i) * plan.sample_every));
  const double followed = double(request.trajectories) / double(plan.trajectories);
  return {{"autocorrelation",
           "correlation of quantities with themselves some steps later",
           {quantity_axis(request.quantities),
            {"lag", "steps from one sample to the other", lags},
            {"sum", "what was summed up", std::vector<std::string>{"pairs", "products", "factors"}}}},
          followed * double(request.quantities.size() * correlator.memory())};
}

template <Real R>
class Autocorrelation final : public Observer<R> {
 public:
  Autocorrelation(const BlockLandscape<R>& landscape, const EnsemblePlan& plan)
      : plan_(plan),
        quantities_(landscape, plan.requests.autocorrelation->quantities),
        correlator_(plan.requests.autocorrelation->longest_lag),
        followed_(plan.blocks_here()),
        tally_(Tally(plan_autocorrelation(plan).shape, plan.replicates())) {
    const std::size_t numbers = std::size_t(quantities_.count()) * correlator_.memory();
    for (std::uint64_t block = 0; block < plan.blocks_here(); ++block)
      for (int lane = 0; lane < block_lanes; ++lane) {
        const std::uint64_t trajectory = (plan.first_block() + block) * block_lanes + lane;
        if (trajectory < plan.trajectories && is_followed(plan, trajectory))
          followed_[block].push_back({lane, std::vector<double>(numbers)});
      }
  }

  void observe(const Sample<R>& sample) override {
    std::vector<Followed>& here = followed_[sample.lanes.block];
    if (here.empty()) return;
    const std::uint64_t before = plan_.events().samples_until(sample.step) - 1;
    quantities_.each(sample, [&](int q, const double* x) {
      for (Followed& trajectory : here)
        correlator_.add(trajectory.memory.data() + q * correlator_.memory(), before, x[trajectory.lane]);
    });
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    const std::span<double> memory = this->memory(lanes.block, lane);
    if (memory.empty()) return;
    tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      for (int q = 0; q < quantities_.count(); ++q)
        for (std::size_t i = 0; i < correlator_.lags(); ++i, to += 3) {
          const double* of_quantity = memory.data() + q * correlator_.memory();
          to[0].add(double(correlator_.pairs(i, samples)));
          to[1].add(correlator_.products(of_quantity, i));
          to[2].add(correlator_.factors(of_quantity, i));
        }
    });
  }

  void report(RunStatistics& statistics) override { statistics.tallies.push_back(tally_.so_far()); }

  std::span<double> memory(std::uint64_t block, int lane) override {
    for (Followed& trajectory : followed_[block])
      if (trajectory.lane == lane) return trajectory.memory;
    return {};
  }

 private:
  struct Followed {
    int lane;
    std::vector<double> memory;  // of the correlator, one after the other for each quantity
  };

  const EnsemblePlan& plan_;
  Quantities<R> quantities_;
  MultipleTau correlator_;
  std::vector<std::vector<Followed>> followed_;  // of each block
  SharedTally tally_;
};

}  // namespace kramers::sde
