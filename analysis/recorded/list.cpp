#include "analysis/recorded/list.hpp"

#include "analysis/recorded/missing_moments.hpp"

#define KRAMERS_EACH_RECORDED(is)                                                                              \
  is(autocorrelation) is(time_series) is(split_r_hat) is(area_rate) is(acceptance) is(fluctuation_dissipation) \
      is(quantiles) is(until)

namespace kramers::analysis {

#define KRAMERS_DECLARE(name) Recorded recorded_##name();
KRAMERS_EACH_RECORDED(KRAMERS_DECLARE)

const std::vector<Recorded>& recorded_things() {
#define KRAMERS_MAKE(name) recorded_##name(),
  static const std::vector<Recorded> all = {KRAMERS_EACH_RECORDED(KRAMERS_MAKE)};
  return all;
}

void read_requests(Section& record, Draft& draft) {
  for (const Recorded& thing : recorded_things())
    if (auto request = thing.read ? thing.read(record, draft) : nullptr)
      draft.experiment.record.requests.push_back(std::move(request));
}

std::vector<Table> recorded_tables(const Experiment& experiment, const sde::RunStatistics& statistics) {
  const ExistingMoments existing = existing_moments(experiment);
  std::vector<Table> tables;
  for (const Recorded& thing : recorded_things())
    if (std::optional<Table> table = thing.table(experiment, statistics)) {
      forget_missing_moments(*table, existing, thing.rests_on_variance);
      tables.push_back(std::move(*table));
    }
  return tables;
}

}  // namespace kramers::analysis
