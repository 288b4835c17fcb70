#pragma once

#include <memory>
#include <vector>

#include "sde/numbers/number.hpp"
#include "sde/tally.hpp"

namespace kramers::sde {

struct EnsemblePlan;
template <Real R>
class BlockLandscape;
template <Real R>
class Observer;

struct PlannedTally {
  TallyShape shape;
  double numbers_a_trajectory;  // that the observer keeps until it retires
};

template <Real R>
using Observers = std::vector<std::unique_ptr<Observer<R>>>;

/// What is recorded where it is asked for, at no cost otherwise: tallies, and the observers that fill them, in the same
/// order; none where what every run records is enough. Observers may refer to the landscape, the plan and the request.
class Request {
 public:
  virtual ~Request() = default;
  virtual std::vector<PlannedTally> tallies(const EnsemblePlan& plan) const;
  virtual Observers<float> observers(const BlockLandscape<float>& landscape, const EnsemblePlan& plan) const;
  virtual Observers<double> observers(const BlockLandscape<double>& landscape, const EnsemblePlan& plan) const;
};

using Requests = std::vector<std::shared_ptr<const Request>>;

/// The request of that kind, or null.
template <class Asked>
const Asked* find(const Requests& requests) {
  for (const auto& request : requests)
    if (const auto* asked = dynamic_cast<const Asked*>(request.get())) return asked;
  return nullptr;
}

}  // namespace kramers::sde
