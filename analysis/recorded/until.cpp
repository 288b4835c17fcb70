#include "analysis/recorded/until.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/estimates.hpp"

namespace kramers::analysis {

Table until_table(const Until& until, const sde::RunStatistics& statistics) {
  std::vector<double> densities;
  for (std::size_t k = 0; k < statistics.densities.size(); ++k) densities.push_back(double(k));
  const DecidedLength& length = *until.here;
  return {
      "until",
      "length of a run that an error decides",
      {{"density", "K of /density_K", densities}},
      {{"total_variation_error", "standard error of the total variation asked for", {}, {until.total_variation_error}},
       {"steps", "steps after the burn-in that the pilot decided on", {}, {double(length.steps)}},
       {"pilot_trajectories", "trajectories of the pilot", {}, {double(length.pilot_trajectories)}},
       {"pilot_steps", "steps of the pilot after the burn-in", {}, {double(length.pilot_steps)}},
       {"pilot_error", "standard error of the pilot's worst total variation", {}, {length.pilot_error}},
       {"reached_error",
        "standard error of the total variation, in the worst case",
        {"density"},
        total_variation_errors(statistics)}}};
}

Recorded recorded_until() {
  return {
      .name = "until",
      .has_key = false,
      .table = [](const Experiment& experiment, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const auto& until = experiment.ensemble.until;
        return until && until->here ? std::optional(until_table(*until, statistics)) : std::nullopt;
      },
      .lines =
          [](const Table& table, const std::string& label) {
            const auto one = [&](const char* field) { return table.field(field)->values[0]; };
            const std::vector<double>& reached = table.field("reached_error")->values;
            const double worst = *std::max_element(reached.begin(), reached.end()),
                         asked = one("total_variation_error");
            return fmt::format(
                "  {}: ran {:.0f} steps; a standard error of {:g} in total variation was asked for, {:.3g} reached\n{}",
                label, one("steps"), asked, worst,
                worst > asked
                    ? fmt::format("    warning: {:.2g} % above what was asked for\n", 100 * (worst / asked - 1))
                    : "");
          },
  };
}

}  // namespace kramers::analysis
