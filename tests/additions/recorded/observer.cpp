#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "sde/observers/mean_size.hpp"
#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {

std::vector<PlannedTally> MeanSizeRequest::tallies(const EnsemblePlan&) const {
  return {{{"mean_size",
            "mean of |theta_0|",
            {{"sum", "what was summed up", std::vector<std::string>{"samples", "sizes"}}}},
           1.0}};
}

namespace {

template <Real R>
class MeanSize final : public TallyObserver<R> {
 public:
  MeanSize(const BlockLandscape<R>&, const EnsemblePlan& plan, const MeanSizeRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan), rows_(plan.blocks_here() * block_lanes) {}

  void observe(const Sample<R>& sample) override {
    for (int lane = 0; lane < block_lanes; ++lane)
      row(sample.lanes.block)[lane] += std::abs(double(sample.theta[lane]));
  }
  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    this->tally_.change([&](Tally& tally) {
      tally.of(lanes.replicate[lane])[0].add(double(samples));
      tally.of(lanes.replicate[lane])[1].add(row(lanes.block)[lane]);
    });
  }
  std::span<double> sums(std::uint64_t block) override { return {row(block), std::size_t(block_lanes)}; }

 private:
  double* row(std::uint64_t block) { return rows_.data() + block * block_lanes; }

  std::vector<double> rows_;
};

}  // namespace

Observers<float> MeanSizeRequest::observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const {
  return make_each<MeanSize>(landscape, plan, *this);
}
Observers<double> MeanSizeRequest::observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const {
  return make_each<MeanSize>(landscape, plan, *this);
}

}  // namespace kramers::sde
