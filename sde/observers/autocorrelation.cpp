#include "sde/observers/autocorrelation.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sde/observers/multiple_tau.hpp"
#include "sde/observers/quantities.hpp"
#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {

bool AutocorrelationRequest::follows(const EnsemblePlan& plan, std::uint64_t trajectory) const {
  const std::uint64_t asked = trajectories, replicates = plan.replicates();
  const std::uint64_t r = plan.replicate(trajectory);
  const auto due = [&](std::uint64_t replicate) { return (replicate * asked + replicates - 1) / replicates; };
  const std::uint64_t first = plan.first_of_replicate(int(r)), size = plan.first_of_replicate(int(r) + 1) - first;
  return (trajectory - first + size - r % size) % size < due(r + 1) - due(r);
}

/// For each quantity x and lag: how many pairs of samples so far apart, sums of their products x x' and of x + x'.
/// And over whole trajectories: how many, sums of their means and of the squares of those, and of the mean of x^2 along
/// each; over their whole stretches of equal length: how many, sums of their means and of the squares of those.
std::vector<PlannedTally> AutocorrelationRequest::tallies(const EnsemblePlan& plan) const {
  const MultipleTau correlator(longest_lag);
  std::vector<double> lags;
  for (std::size_t i = 0; i < correlator.lags(); ++i) lags.push_back(double(correlator.lag(i) * plan.sample_every));
  const double followed = double(trajectories) / double(plan.trajectories);
  return {{{"autocorrelation",
            "correlation of quantities with themselves some steps later",
            {quantity_axis(quantities),
             {"lag", "steps from one sample to the other", lags},
             {"sum", "what was summed up", std::vector<std::string>{"pairs", "products", "factors"}}}},
           followed * double(quantities.size() * correlator.memory())},
          {{"trajectory_means",
            "means of trajectories, and of stretches of " + std::to_string(stretch_length()) +
                " samples, from which autocorrelation times follow",
            {quantity_axis(quantities),
             {"sum", "what was summed up",
              std::vector<std::string>{"trajectories", "means", "squared means", "means of squares", "stretches",
                                       "means of stretches", "squared means of stretches"}}}},
           4.0 * double(quantities.size())}};
}

namespace {

/// Correlations along the trajectories that are followed.
template <Real R>
class Autocorrelation final : public TallyObserver<R> {
 public:
  Autocorrelation(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const AutocorrelationRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan),
        plan_(plan),
        quantities_(landscape, request.quantities),
        correlator_(request.longest_lag),
        followed_(plan.blocks_here()) {
    const std::size_t numbers = std::size_t(quantities_.count()) * correlator_.memory();
    for (std::uint64_t block = 0; block < plan.blocks_here(); ++block)
      for (int lane = 0; lane < block_lanes; ++lane) {
        const std::uint64_t trajectory = (plan.first_block() + block) * block_lanes + lane;
        if (trajectory < plan.trajectories && request.follows(plan, trajectory))
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
    this->tally_.change([&](Tally& tally) {
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
};

/// How means scatter from trajectory to trajectory. Trajectories that diverge do not count.
template <Real R>
class TrajectoryMeans final : public TallyObserver<R> {
 public:
  TrajectoryMeans(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const AutocorrelationRequest& request)
      : TallyObserver<R>(request.tallies(plan).back().shape, plan),
        plan_(plan),
        stretch_(request.stretch_length()),
        quantities_(landscape, request.quantities),
        rows_(plan.blocks_here() * numbers()) {}

  void observe(const Sample<R>& sample) override {
    const bool stretch_ends = plan_.events().samples_until(sample.step) % stretch_ == 0;
    quantities_.each(sample, [&](int q, const double* x) {
      double* sum = rows_.data() + sample.lanes.block * numbers() + std::size_t(4 * q) * block_lanes;
      double *squares = sum + block_lanes, *in_stretch = squares + block_lanes, *stretches = in_stretch + block_lanes;
      for (int lane = 0; lane < block_lanes; ++lane) sum[lane] += x[lane];
      for (int lane = 0; lane < block_lanes; ++lane) squares[lane] += x[lane] * x[lane];
      for (int lane = 0; lane < block_lanes; ++lane) in_stretch[lane] += x[lane];
      if (!stretch_ends) return;
      for (int lane = 0; lane < block_lanes; ++lane) stretches[lane] += in_stretch[lane] * in_stretch[lane];
      std::fill_n(in_stretch, block_lanes, 0.0);
    });
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    if (samples < plan_.samples()) return;
    const double n = double(samples), stretch = double(stretch_), count = double(samples / stretch_);
    const double* row = rows_.data() + lanes.block * numbers() + lane;
    this->tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      for (int q = 0; q < quantities_.count(); ++q, row += 4 * block_lanes) {
        const double sum = row[0], in_whole_stretches = sum - row[2 * block_lanes];
        for (double term : {1.0, sum / n, sum / n * (sum / n), row[block_lanes] / n, count,
                            in_whole_stretches / stretch, row[3 * block_lanes] / (stretch * stretch)})
          (to++)->add(term);
      }
    });
  }

  std::span<double> sums(std::uint64_t block) override { return {rows_.data() + block * numbers(), numbers()}; }

 private:
  std::size_t numbers() const { return std::size_t(4) * quantities_.count() * block_lanes; }

  const EnsemblePlan& plan_;
  const std::uint64_t stretch_;
  Quantities<R> quantities_;
  /// Per block and quantity: sums of x, of x^2, of x in the current stretch, and of the squares of those sums.
  std::vector<double> rows_;
};

}  // namespace

Observers<float> AutocorrelationRequest::observers(const BlockLandscape<float>& landscape,
                                                   const EnsemblePlan& plan) const {
  return make_each<Autocorrelation, TrajectoryMeans>(landscape, plan, *this);
}
Observers<double> AutocorrelationRequest::observers(const BlockLandscape<double>& landscape,
                                                    const EnsemblePlan& plan) const {
  return make_each<Autocorrelation, TrajectoryMeans>(landscape, plan, *this);
}

}  // namespace kramers::sde
