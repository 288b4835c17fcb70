#pragma once

#include <memory>

#include "sde/observers/observer.hpp"
#include "sde/request.hpp"

namespace kramers::sde {

/// An observer whose statistics are one tally.
template <Real R>
class TallyObserver : public Observer<R> {
 public:
  TallyObserver(const TallyShape& shape, const EnsemblePlan& plan) : tally_(Tally(shape, plan.replicates())) {}
  void report(RunStatistics& statistics) final { statistics.tallies.push_back(tally_.so_far()); }

 protected:
  SharedTally tally_;
};

/// O<R>(landscape, plan, request) of each O, in the order of the request's tallies.
template <template <Real> class... O, Real R, class Asked>
Observers<R> make_each(const BlockLandscape<R>& landscape, const EnsemblePlan& plan, const Asked& request) {
  Observers<R> made;
  (made.push_back(std::make_unique<O<R>>(landscape, plan, request)), ...);
  return made;
}

}  // namespace kramers::sde
