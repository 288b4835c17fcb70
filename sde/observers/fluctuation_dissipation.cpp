#include "sde/observers/fluctuation_dissipation.hpp"

#include <string>
#include <vector>

#include "sde/observers/tally_observer.hpp"

namespace kramers::sde {

/// For each coordinate: samples, and the sum of the scheme's estimates of its temperature.
std::vector<PlannedTally> FluctuationDissipationRequest::tallies(const EnsemblePlan&) const {
  std::vector<std::string> names;
  for (int i = 0; i < dim; ++i) names.push_back("theta_" + std::to_string(i));
  return {{{"fluctuation_dissipation",
            "temperature of each coordinate, by the fluctuation-dissipation relation of the scheme",
            {{"coordinate", "coordinate", names},
             {"sum", "what was summed up", std::vector<std::string>{"samples", "temperatures"}}}},
           double(dim)}};
}

namespace {

/// What each coordinate adds to the measured temperature, BlockScheme::temperatures.
template <Real R>
class FluctuationDissipation final : public TallyObserver<R> {
 public:
  FluctuationDissipation(const BlockLandscape<R>&, const EnsemblePlan& plan,
                         const FluctuationDissipationRequest& request)
      : TallyObserver<R>(request.tallies(plan).front().shape, plan),
        numbers_(std::size_t(request.dim) * block_lanes),
        rows_(plan.blocks_here() * numbers_) {}

  void observe(const Sample<R>& sample) override {
    double* row = rows(sample.lanes);
    for (std::size_t i = 0; i < numbers_; ++i) row[i] += sample.temperatures[i];
  }

  void retire(const Lanes& lanes, int lane, std::uint64_t samples) override {
    const double* row = rows(lanes) + lane;
    this->tally_.change([&](Tally& tally) {
      ExactSum* to = tally.of(lanes.replicate[lane]);
      for (std::size_t i = 0; i < numbers_; i += block_lanes) {
        (to++)->add(double(samples));
        (to++)->add(row[i]);
      }
    });
  }

  std::span<double> sums(std::uint64_t block) override { return {rows_.data() + block * numbers_, numbers_}; }

 private:
  double* rows(const Lanes& lanes) { return rows_.data() + lanes.block * numbers_; }

  const std::size_t numbers_;  // of one block
  std::vector<double> rows_;
};

}  // namespace

Observers<float> FluctuationDissipationRequest::observers(const BlockLandscape<float>& landscape,
                                                          const EnsemblePlan& plan) const {
  return make_each<FluctuationDissipation>(landscape, plan, *this);
}
Observers<double> FluctuationDissipationRequest::observers(const BlockLandscape<double>& landscape,
                                                           const EnsemblePlan& plan) const {
  return make_each<FluctuationDissipation>(landscape, plan, *this);
}

}  // namespace kramers::sde
