#pragma once

#include <span>
#include <string>
#include <vector>

#include "sde/numbers/elementary.hpp"
#include "sde/observers/observer.hpp"

namespace kramers::sde {

/// Samples, and the sum of the probabilities with which the proposal of the step before each was accepted.
inline PlannedTally plan_acceptance() {
  return {{"acceptance",
           "probability with which the proposal of a step is accepted",
           {{"sum", "what was summed up", std::vector<std::string>{"samples", "probabilities"}}}},
          1.0};
}

/// The mean of min(1, alpha), not of what became of the proposals: it has the same mean and less variance (Rao &
/// Blackwell). For schemes with Metropolis' rule.
template <Real R>
class Acceptance final : public Observer<R> {
 public:
  explicit Acceptance(const EnsemblePlan& plan)
      : rows_(plan.blocks_here() * block_lanes), tally_(Tally(plan_acceptance().shape, plan.replicates())) {}

  void observe(const Sample<R>& sample) override {
    double* sum = row(sample.lanes.block);
    for (int lane = 0; lane < block_lanes; ++lane) sum[lane] += exp(double(sample.log_acceptance[lane]));
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      to[0].add(double(samples));
      to[1].add(row(lanes.block)[lane]);
    });
  }

  void report(RunStatistics& statistics) override { statistics.tallies.push_back(tally_.so_far()); }
  std::span<double> sums(std::uint64_t block) override { return {row(block), std::size_t(block_lanes)}; }

 private:
  double* row(std::uint64_t block) { return rows_.data() + block * block_lanes; }

  std::vector<double> rows_;  // one a block: sums of probabilities
  SharedTally tally_;
};

}  // namespace kramers::sde
