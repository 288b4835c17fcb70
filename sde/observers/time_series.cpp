#include "sde/observers/time_series.hpp"

#include <algorithm>
#include <vector>

#include "sde/observers/quantities.hpp"
#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {
namespace {

/// The last sample, counted from 1, of bin b of a run's n samples in B bins: floor((b + 1) n / B).
std::uint64_t last_of_bin(std::uint64_t b, std::uint64_t samples, std::uint64_t bins) {
  return std::uint64_t((unsigned __int128)(b + 1) * samples / bins);
}

}  // namespace

/// Sums of x^0, x^1 and x^2 for each bin of time, quantity x and replicate.
std::vector<PlannedTally> TimeSeriesRequest::tallies(const EnsemblePlan& plan) const {
  std::vector<double> middles;
  std::uint64_t before = 0;
  for (int b = 0; b < bins; ++b) {
    const std::uint64_t last = last_of_bin(b, plan.samples(), bins);
    middles.push_back(double(plan.burn_in) + double(plan.sample_every) * (double(before + 1) + double(last)) / 2);
    before = last;
  }
  return {{{"time_series",
            "quantities as functions of time, after the burn-in",
            {{"step", "mean step of the samples in a bin of time", middles},
             quantity_axis(quantities),
             {"power", "power of the quantity that was summed up", std::vector<double>{0, 1, 2}}}},
           2.0 * double(quantities.size())}};
}

namespace {

/// Quantities as functions of time: the samples after the burn-in, dealt out to bins of time.
template <Real R>
class TimeSeries final : public TallyObserver<R> {
 public:
  TimeSeries(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const TimeSeriesRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan),
        plan_(plan),
        bins_(request.bins),
        quantities_(landscape, request.quantities),
        rows_(plan.blocks_here() * numbers()) {}

  void observe(const Sample<R>& sample) override {
    quantities_.each(sample, [&](int q, const double* x) {
      double* sum = rows(sample.lanes) + std::size_t(2 * q) * block_lanes;
      for (int lane = 0; lane < block_lanes; ++lane) sum[lane] += x[lane];
      for (int lane = 0; lane < block_lanes; ++lane) sum[block_lanes + lane] += x[lane] * x[lane];
    });
    const std::uint64_t seen = plan_.events().samples_until(sample.step), bin = bin_of(seen);
    if (seen != last_of_bin(bin, plan_.samples(), bins_)) return;
    this->tally_.change([&](Tally& tally) {
      for (int lane = 0; lane < block_lanes; ++lane)
        if (sample.lanes.alive[lane]) add(tally, sample.lanes, lane, bin, seen - first_of(bin));
    });
    std::fill_n(rows(sample.lanes), numbers(), 0.0);
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    const std::uint64_t bin = bin_of(samples + 1), in_bin = samples - first_of(bin);
    if (in_bin > 0) this->tally_.change([&](Tally& tally) { add(tally, lanes, lane, bin, in_bin); });
  }

  std::span<double> sums(std::uint64_t block) override { return {rows_.data() + block * numbers(), numbers()}; }

 private:
  std::size_t numbers() const { return std::size_t(2) * quantities_.count() * block_lanes; }
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * numbers(); }

  /// The bin of a sample that is counted from 1; the samples before it.
  std::uint64_t bin_of(std::uint64_t sample) const {
    std::uint64_t bin = std::uint64_t((unsigned __int128)(sample - 1) * bins_ / plan_.samples());
    while (last_of_bin(bin, plan_.samples(), bins_) < sample) ++bin;
    return bin;
  }
  std::uint64_t first_of(std::uint64_t bin) const {
    return bin == 0 ? 0 : last_of_bin(bin - 1, plan_.samples(), bins_);
  }

  void add(Tally& tally, const Lanes& lanes, int lane, std::uint64_t bin, std::uint64_t samples) {
    const double* sum = rows(lanes) + lane;
    ExactSum* to = tally.of(lanes.replicate[lane]) + bin * quantities_.count() * 3;
    for (int q = 0; q < quantities_.count(); ++q, to += 3, sum += 2 * block_lanes) {
      to[0].add(double(samples));
      to[1].add(sum[0]);
      to[2].add(sum[block_lanes]);
    }
  }

  const EnsemblePlan& plan_;
  std::uint64_t bins_;
  Quantities<R> quantities_;
  std::vector<double> rows_;  // per block and quantity: sums of x and of x^2 over the current bin
};

}  // namespace

Observers<float> TimeSeriesRequest::observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const {
  return make_each<TimeSeries>(landscape, plan, *this);
}
Observers<double> TimeSeriesRequest::observers(const BlockLandscape<double>& landscape,
                                               const EnsemblePlan& plan) const {
  return make_each<TimeSeries>(landscape, plan, *this);
}

}  // namespace kramers::sde
