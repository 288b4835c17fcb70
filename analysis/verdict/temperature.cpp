#include "analysis/verdict/temperature.hpp"

#include "analysis/statistics/run_sums.hpp"

namespace kramers::analysis {

Estimate measured_temperature(const sde::RunStatistics& statistics) {
  const RunSums run(statistics);
  return jackknife_mean(run.sums.col(statistics.quantities() - 1), run.weights);
}

}  // namespace kramers::analysis
