#include "analysis/verdict/temperature.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "analysis/verdict/run_sums.hpp"
#include "analysis/verdict/variation.hpp"

namespace kramers::analysis {

Estimate measured_temperature(const sde::RunStatistics& statistics) {
  const RunSums run(statistics);
  return jackknife_mean(run.sums.col(statistics.quantities() - 1), run.weights);
}

TemperatureVerdict judge_temperature(const sde::RunStatistics& statistics, const TemperatureSettings& settings) {
  const double temperature = settings.temperature;
  if (!(temperature > 0)) throw std::invalid_argument(fmt::format("temperature = {} must be positive", temperature));
  TemperatureVerdict v{Decision::not_enough_data, "", measured_temperature(statistics)};
  if (statistics.replicates < fewest_replicates) {
    v.reason =
        fmt::format("{} replicates: at least {} trajectories are needed", statistics.replicates, fewest_replicates);
    return v;
  }
  const double alpha = std::ldexp(settings.alpha, -settings.looks);
  const int freedom = statistics.replicates - 1;
  const double off = std::abs(v.measured.value - temperature), allowed = settings.tolerance * temperature;
  const std::string found = fmt::format("measured temperature {:.4g} +- {:.1g} where {:.4g} was set", v.measured.value,
                                        v.measured.error, temperature);
  if (off - student_quantile(alpha / settings.comparisons, freedom) * v.measured.error > allowed) {
    v.decision = Decision::disagrees;
    v.reason = fmt::format("{}: beyond the tolerance of {:g} %", found, 100 * settings.tolerance);
  } else if (off + student_quantile(alpha, freedom) * v.measured.error < allowed && statistics.diverged == 0) {
    v.decision = Decision::agrees;
    v.reason = fmt::format("{}: within the tolerance of {:g} %", found, 100 * settings.tolerance);
  } else if (statistics.diverged > 0) {
    v.reason = fmt::format("{}, but {} trajectories diverged", found, statistics.diverged);
  } else {
    v.reason = fmt::format("{}: too noisy for the tolerance of {:g} %", found, 100 * settings.tolerance);
  }
  return v;
}

}  // namespace kramers::analysis
