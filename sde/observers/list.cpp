#include <algorithm>
#include <limits>

#include "sde/observers/acceptance.hpp"
#include "sde/observers/area_rate.hpp"
#include "sde/observers/autocorrelation.hpp"
#include "sde/observers/basin_occupancy.hpp"
#include "sde/observers/density.hpp"
#include "sde/observers/fluctuation_dissipation.hpp"
#include "sde/observers/kept_paths.hpp"
#include "sde/observers/moments.hpp"
#include "sde/observers/phase_moments.hpp"
#include "sde/observers/split_r_hat.hpp"
#include "sde/observers/time_series.hpp"
#include "sde/observers/trajectory_means.hpp"

namespace kramers::sde {

// The lists: a new observer is a file and a line in each; a tally has its place in the second by that in the first.
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
  if (plan.requests.autocorrelation) {
    observers.push_back(std::make_unique<Autocorrelation<R>>(landscape, plan));
    observers.push_back(std::make_unique<TrajectoryMeans<R>>(landscape, plan));
  }
  if (plan.requests.time_series) observers.push_back(std::make_unique<TimeSeries<R>>(landscape, plan));
  if (plan.requests.split_r_hat) observers.push_back(std::make_unique<SplitRHat<R>>(landscape, plan));
  if (plan.requests.area_rate) observers.push_back(std::make_unique<AreaRate<R>>(landscape.dim(), plan));
  if (plan.acceptance) observers.push_back(std::make_unique<Acceptance<R>>(plan));
  if (plan.requests.fluctuation_dissipation > 0) observers.push_back(std::make_unique<FluctuationDissipation<R>>(plan));
  return observers;
}

std::vector<PlannedTally> planned_tallies(const EnsemblePlan& plan) {
  std::vector<PlannedTally> planned;
  if (plan.requests.autocorrelation) {
    planned.push_back(plan_autocorrelation(plan));
    planned.push_back(plan_trajectory_means(plan));
  }
  if (plan.requests.time_series) planned.push_back(plan_time_series(plan));
  if (plan.requests.split_r_hat) planned.push_back(plan_split_r_hat(plan));
  if (plan.requests.area_rate) planned.push_back(plan_area_rate(plan));
  if (plan.acceptance) planned.push_back(plan_acceptance());
  if (plan.requests.fluctuation_dissipation > 0) planned.push_back(plan_fluctuation_dissipation(plan));
  return planned;
}

template std::vector<std::unique_ptr<Observer<float>>> make_observers(const BlockLandscape<float>&, const EnsemblePlan&,
                                                                      int);
template std::vector<std::unique_ptr<Observer<double>>> make_observers(const BlockLandscape<double>&,
                                                                       const EnsemblePlan&, int);

}  // namespace kramers::sde
