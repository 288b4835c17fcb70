#include <algorithm>
#include <limits>

#include "sde/observers/basin_occupancy.hpp"
#include "sde/observers/density.hpp"
#include "sde/observers/kept_paths.hpp"
#include "sde/observers/moments.hpp"
#include "sde/observers/phase_moments.hpp"

namespace kramers::sde {

/// What every run records, and then what was asked for.
template <Real R>
std::vector<std::unique_ptr<Observer<R>>> make_observers(const BlockLandscape<R>& landscape, const EnsemblePlan& plan,
                                                         int threads) {
  std::vector<std::unique_ptr<Observer<R>>> observers;
  for (const DensityGrid& grid : plan.densities)
    observers.push_back(std::make_unique<DensityObserver<R>>(plan, grid, threads));
  observers.push_back(std::make_unique<Moments<R>>(landscape.dim(), plan));
  if (plan.phases() > 0) observers.push_back(std::make_unique<PhaseMoments<R>>(landscape.dim(), plan));
  if (plan.minima > 0) observers.push_back(std::make_unique<BasinOccupancy<R>>(landscape, plan, threads));
  if (plan.path_count > 0) observers.push_back(std::make_unique<KeptPaths<R>>(landscape.dim(), plan));
  for (const auto& request : plan.requests)
    for (auto& observer : request->observers(landscape, plan)) observers.push_back(std::move(observer));
  return observers;
}

std::vector<PlannedTally> planned_tallies(const EnsemblePlan& plan) {
  std::vector<PlannedTally> planned;
  for (const auto& request : plan.requests)
    for (PlannedTally& tally : request->tallies(plan)) planned.push_back(std::move(tally));
  return planned;
}

template std::vector<std::unique_ptr<Observer<float>>> make_observers(const BlockLandscape<float>&, const EnsemblePlan&,
                                                                      int);
template std::vector<std::unique_ptr<Observer<double>>> make_observers(const BlockLandscape<double>&,
                                                                       const EnsemblePlan&, int);

}  // namespace kramers::sde
