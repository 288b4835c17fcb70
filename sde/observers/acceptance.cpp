#include "sde/observers/acceptance.hpp"

#include <span>
#include <string>
#include <vector>

#include "sde/numbers/elementary.hpp"
#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {

/// Samples, and the sum of the probabilities with which the proposal of the step before each was accepted.
std::vector<PlannedTally> AcceptanceRequest::tallies(const EnsemblePlan&) const {
  return {{{"acceptance",
            "probability with which the proposal of a step is accepted",
            {{"sum", "what was summed up", std::vector<std::string>{"samples", "probabilities"}}}},
           1.0}};
}

namespace {

/// The mean of min(1, alpha), not of what became of the proposals: it has the same mean and less variance (Rao &
/// Blackwell). For schemes with Metropolis' rule.
template <Real R>
class Acceptance final : public TallyObserver<R> {
 public:
  Acceptance(const BlockLandscape<R>&, const EnsemblePlan& plan, const AcceptanceRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan), rows_(plan.blocks_here() * block_lanes) {}

  void observe(const Sample<R>& sample) override {
    double* sum = row(sample.lanes.block);
    for (int lane = 0; lane < block_lanes; ++lane) sum[lane] += exp(double(sample.log_acceptance[lane]));
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    this->tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      to[0].add(double(samples));
      to[1].add(row(lanes.block)[lane]);
    });
  }

  std::span<double> sums(std::uint64_t block) override { return {row(block), std::size_t(block_lanes)}; }

 private:
  double* row(std::uint64_t block) { return rows_.data() + block * block_lanes; }

  std::vector<double> rows_;  // one a block: sums of probabilities
};

}  // namespace

Observers<float> AcceptanceRequest::observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const {
  return make_each<Acceptance>(landscape, plan, *this);
}
Observers<double> AcceptanceRequest::observers(const BlockLandscape<double>& landscape,
                                               const EnsemblePlan& plan) const {
  return make_each<Acceptance>(landscape, plan, *this);
}

}  // namespace kramers::sde
