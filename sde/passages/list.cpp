#include <algorithm>
#include <type_traits>

#include "sde/passages/passage_watcher.hpp"

// In the order of the list that users see.
#define KRAMERS_EACH_PASSAGE(is) is(entry) is(crossing) is(escape)

namespace kramers::sde {

#define KRAMERS_DECLARE(name) extern const PassageKind name;
KRAMERS_EACH_PASSAGE(KRAMERS_DECLARE)

const std::vector<const PassageKind*>& passage_kinds() {
#define KRAMERS_POINT(name) &name,
  static const std::vector<const PassageKind*> all = {KRAMERS_EACH_PASSAGE(KRAMERS_POINT)};
  return all;
}

const PassageKind* passage_kind(std::string_view key) {
  return *std::ranges::find(passage_kinds(), key, [](const PassageKind* kind) { return std::string_view(kind->key); });
}

template <Real R>
std::vector<std::unique_ptr<PassageWatcher<R>>> make_watchers(const BlockLandscape<R>& landscape,
                                                              const EnsemblePlan& plan) {
  std::vector<std::unique_ptr<PassageWatcher<R>>> watchers;
  for (const PassageEvent& event : plan.passages)
    if constexpr (std::is_same_v<R, float>)
      watchers.push_back(event.kind->watch_single(landscape, plan, event));
    else
      watchers.push_back(event.kind->watch_double(landscape, plan, event));
  return watchers;
}

template std::vector<std::unique_ptr<PassageWatcher<float>>> make_watchers(const BlockLandscape<float>&,
                                                                           const EnsemblePlan&);
template std::vector<std::unique_ptr<PassageWatcher<double>>> make_watchers(const BlockLandscape<double>&,
                                                                            const EnsemblePlan&);

}  // namespace kramers::sde
