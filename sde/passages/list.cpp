#include "sde/passages/crossing.hpp"
#include "sde/passages/entry.hpp"
#include "sde/passages/escape.hpp"

namespace kramers::sde {

template <Real R>
std::vector<std::unique_ptr<PassageWatcher<R>>> make_watchers(const BlockLandscape<R>& landscape,
                                                              const EnsemblePlan& plan) {
  std::vector<std::unique_ptr<PassageWatcher<R>>> watchers;
  for (const PassageEvent& event : plan.passages) switch (event.kind) {
      case PassageEvent::Kind::crosses:
        watchers.push_back(std::make_unique<Crossing<R>>(plan, event));
        break;
      case PassageEvent::Kind::enters:
        watchers.push_back(std::make_unique<Entry<R>>(plan, event));
        break;
      case PassageEvent::Kind::leaves_basin:
        watchers.push_back(std::make_unique<Escape<R>>(landscape, plan, event));
        break;
    }
  return watchers;
}

template std::vector<std::unique_ptr<PassageWatcher<float>>> make_watchers(const BlockLandscape<float>&,
                                                                           const EnsemblePlan&);
template std::vector<std::unique_ptr<PassageWatcher<double>>> make_watchers(const BlockLandscape<double>&,
                                                                            const EnsemblePlan&);

}  // namespace kramers::sde
