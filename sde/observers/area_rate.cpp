#include "sde/observers/area_rate.hpp"

#include <string>
#include <vector>

#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {

/// For each pair of axes: steps from sample to sample, and the sum of the areas that they sweep.
std::vector<PlannedTally> AreaRateRequest::tallies(const EnsemblePlan&) const {
  std::vector<std::string> names;
  for (const auto& [i, j] : pairs) names.push_back("theta_" + std::to_string(i) + " theta_" + std::to_string(j));
  return {{{"area_rate",
            "rate at which trajectories sweep area, which detailed balance makes zero",
            {{"pair", "plane", names}, {"sum", "what was summed up", std::vector<std::string>{"moves", "areas"}}}},
           3.0 * double(names.size())}};
}

namespace {

/// The stochastic area (x_i dx_j - x_j dx_i) / 2 in the sense of Stratonovich, which from sample to sample is
/// (x_i x'_j - x_j x'_i) / 2; x from a point near the samples, which changes no mean.
template <Real R>
class AreaRate final : public TallyObserver<R> {
 public:
  AreaRate(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const AreaRateRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan),
        plan_(plan),
        pairs_(request.pairs),
        origin_(plan.origin.empty() ? std::vector<double>(landscape.dim()) : plan.origin),
        rows_(plan.blocks_here() * numbers()) {}

  void observe(const Sample<R>& sample) override {
    const bool has_before = plan_.events().samples_until(sample.step) > 1;
    double* row = rows(sample.lanes);
    for (const auto& [i, j] : pairs_) {
      double *before_x = row, *before_y = row + block_lanes, *area = row + 2 * block_lanes;
      const R *theta_x = sample.theta + i * block_lanes, *theta_y = sample.theta + j * block_lanes;
      for (int lane = 0; lane < block_lanes; ++lane) {
        const double x = double(theta_x[lane]) - origin_[i], y = double(theta_y[lane]) - origin_[j];
        if (has_before) area[lane] += 0.5 * (before_x[lane] * y - before_y[lane] * x);
        before_x[lane] = x;
        before_y[lane] = y;
      }
      row += 3 * block_lanes;
    }
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    if (samples < 2) return;
    const double* area = rows(lanes) + 2 * block_lanes + lane;
    this->tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      for (std::size_t p = 0; p < pairs_.size(); ++p, area += 3 * block_lanes) {
        (to++)->add(double(samples - 1));
        (to++)->add(*area);
      }
    });
  }

  std::span<double> sums(std::uint64_t block) override { return {rows_.data() + block * numbers(), numbers()}; }

 private:
  std::size_t numbers() const { return 3 * pairs_.size() * block_lanes; }
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * numbers(); }

  const EnsemblePlan& plan_;
  std::vector<std::array<int, 2>> pairs_;
  std::vector<double> origin_;
  std::vector<double> rows_;  // per block and pair: the last sample, and the area so far
};

}  // namespace

Observers<float> AreaRateRequest::observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const {
  return make_each<AreaRate>(landscape, plan, *this);
}
Observers<double> AreaRateRequest::observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const {
  return make_each<AreaRate>(landscape, plan, *this);
}

}  // namespace kramers::sde
