#include "analysis/recorded/until.hpp"

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

}  // namespace kramers::analysis
