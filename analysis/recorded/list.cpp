#include "analysis/recorded/list.hpp"

#include "analysis/recorded/autocorrelation.hpp"
#include "analysis/recorded/quantiles.hpp"
#include "analysis/recorded/time_series.hpp"

namespace kramers::analysis {

std::vector<Table> recorded_tables(const Experiment& experiment, const sde::RunStatistics& statistics) {
  std::vector<Table> tables;
  const double samples = double(statistics.trajectories) * double(statistics.samples);
  if (const sde::Tally* tally = statistics.tally("autocorrelation"))
    tables.push_back(autocorrelation_table(*tally, samples));
  if (const sde::Tally* tally = statistics.tally("time_series")) tables.push_back(time_series_table(*tally));
  if (!experiment.record.quantiles.empty())
    tables.push_back(quantile_table(experiment.record.density, statistics.densities, experiment.record.quantiles));
  return tables;
}

}  // namespace kramers::analysis
