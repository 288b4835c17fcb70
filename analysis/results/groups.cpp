#include "analysis/results/groups.hpp"

#define KRAMERS_EACH_GROUP(is)                                                                                  \
  is(sweep) is(ensemble) is(density) is(events) is(moments) is(basins) is(phases) is(posterior) is(divergences) \
      is(verdict) is(tables)

namespace kramers::analysis {

#define KRAMERS_DECLARE_GROUP(name) GroupKind name##_group();
KRAMERS_EACH_GROUP(KRAMERS_DECLARE_GROUP)

const std::vector<GroupKind>& group_kinds() {
#define KRAMERS_MAKE_GROUP(name) name##_group(),
  static const std::vector<GroupKind> all = {KRAMERS_EACH_GROUP(KRAMERS_MAKE_GROUP)};
  return all;
}

}  // namespace kramers::analysis
