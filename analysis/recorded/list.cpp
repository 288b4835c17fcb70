#include "analysis/recorded/list.hpp"

#include "analysis/experiment/derived.hpp"
#include "analysis/prediction/coordinate_temperatures.hpp"
#include "analysis/recorded/acceptance.hpp"
#include "analysis/recorded/area_rate.hpp"
#include "analysis/recorded/autocorrelation.hpp"
#include "analysis/recorded/fluctuation_dissipation.hpp"
#include "analysis/recorded/missing_moments.hpp"
#include "analysis/recorded/quantiles.hpp"
#include "analysis/recorded/split_r_hat.hpp"
#include "analysis/recorded/time_series.hpp"
#include "analysis/recorded/until.hpp"

namespace kramers::analysis {

std::vector<Table> recorded_tables(const Experiment& experiment, const sde::RunStatistics& statistics) {
  std::vector<Table> tables;
  if (experiment.record.requests.autocorrelation && statistics.tally("autocorrelation"))
    tables.push_back(autocorrelation_table(statistics, *experiment.record.requests.autocorrelation));
  if (const sde::Tally* tally = statistics.tally("time_series")) tables.push_back(time_series_table(*tally));
  if (const sde::Tally* tally = statistics.tally("split_r_hat"))
    tables.push_back(split_r_hat_table(*tally, statistics.samples));
  if (const sde::Tally* tally = statistics.tally("area_rate"))
    tables.push_back(area_rate_table(*tally, time_step(experiment) * double(experiment.ensemble.sample_every)));
  if (const sde::Tally* tally = statistics.tally("acceptance")) tables.push_back(acceptance_table(*tally));
  if (const sde::Tally* tally = statistics.tally("fluctuation_dissipation"))
    tables.push_back(
        fluctuation_dissipation_table(*tally, coordinate_temperatures(experiment), experiment.compare.alpha));
  if (!experiment.record.quantiles.empty())
    tables.push_back(quantile_table(experiment.record.density, statistics.densities, experiment.record.quantiles));
  if (const auto& until = experiment.ensemble.until; until && until->here)
    tables.push_back(until_table(*until, statistics));
  forget_missing_moments(tables, existing_moments(experiment));
  return tables;
}

}  // namespace kramers::analysis
