#include "sde/request.hpp"

#include "sde/observers/observer.hpp"

namespace kramers::sde {

std::vector<PlannedTally> Request::tallies(const EnsemblePlan&) const { return {}; }
Observers<float> Request::observers(const BlockLandscape<float>&, const EnsemblePlan&) const { return {}; }
Observers<double> Request::observers(const BlockLandscape<double>&, const EnsemblePlan&) const { return {}; }

}  // namespace kramers::sde
