#include "sde/observers/split_r_hat.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sde/observers/quantities.hpp"
#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {
namespace {

/// Samples of a half; the middle one of an odd number belongs to none.
std::uint64_t half_length(std::uint64_t samples) { return samples / 2; }

}  // namespace

/// For each quantity, over the halves in time of whole trajectories: how many, sums of their means, of the squares of
/// those, and of their variances (n - 1 below).
std::vector<PlannedTally> SplitRHatRequest::tallies(const EnsemblePlan& plan) const {
  return {{{"split_r_hat",
            "potential scale reduction over halves of trajectories, of " + std::to_string(half_length(plan.samples())) +
                " samples each",
            {quantity_axis(quantities),
             {"sum", "what was summed up", std::vector<std::string>{"halves", "means", "squared means", "variances"}}}},
           2.0 * double(quantities.size())}};
}

namespace {

/// Moments of the halves of trajectories. Halves that a divergence cuts short do not count.
template <Real R>
class SplitRHat final : public TallyObserver<R> {
 public:
  SplitRHat(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const SplitRHatRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan),
        plan_(plan),
        quantities_(landscape, request.quantities),
        rows_(plan.blocks_here() * numbers()) {}

  void observe(const Sample<R>& sample) override {
    const std::uint64_t seen = plan_.events().samples_until(sample.step), n = half_length(plan_.samples());
    if (seen > n && seen <= plan_.samples() - n) return;
    double* sums = rows(sample.lanes);
    quantities_.each(sample, [&](int q, const double* x) {
      double* sum = sums + std::size_t(2 * q) * block_lanes;
      for (int lane = 0; lane < block_lanes; ++lane) sum[lane] += x[lane];
      for (int lane = 0; lane < block_lanes; ++lane) sum[block_lanes + lane] += x[lane] * x[lane];
    });
    if (seen != n && seen != plan_.samples()) return;
    this->tally_.change([&](Tally& tally) {
      for (int lane = 0; lane < block_lanes; ++lane)
        if (sample.lanes.alive[lane]) add(tally.of(sample.lanes.replicate[lane]), sums + lane, double(n));
    });
    std::fill_n(sums, numbers(), 0.0);
  }

  void retire(const Lanes&, int, std::uint64_t) override {}
  std::span<double> sums(std::uint64_t block) override { return {rows_.data() + block * numbers(), numbers()}; }

 private:
  std::size_t numbers() const { return std::size_t(2) * quantities_.count() * block_lanes; }
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * numbers(); }

  void add(ExactSum* to, const double* sum, double n) const {
    for (int q = 0; q < quantities_.count(); ++q, to += 4, sum += 2 * block_lanes) {
      const double mean = sum[0] / n;
      to[0].add(1);
      to[1].add(mean);
      to[2].add(mean * mean);
      to[3].add(std::max(0.0, (sum[block_lanes] - sum[0] * mean) / (n - 1)));
    }
  }

  const EnsemblePlan& plan_;
  Quantities<R> quantities_;
  std::vector<double> rows_;  // per block and quantity: sums of x and of x^2 over the current half
};

}  // namespace

Observers<float> SplitRHatRequest::observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const {
  return make_each<SplitRHat>(landscape, plan, *this);
}
Observers<double> SplitRHatRequest::observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const {
  return make_each<SplitRHat>(landscape, plan, *this);
}

}  // namespace kramers::sde
