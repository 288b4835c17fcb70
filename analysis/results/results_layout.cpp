#include "analysis/results/results_layout.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/prediction/list.hpp"

namespace kramers::analysis::layout {

const std::vector<PhaseField> phases = {
    {"learning_rate_mean", &RunResults::Phases::learning_rate, {}, "mean learning rate of the steps"},
    {"batch_size_mean", &RunResults::Phases::batch_size, {}, "mean batch size of the steps"},
    {"temperature_mean", &RunResults::Phases::temperature, {}, "mean temperature of the steps"},
    {"mean", &RunResults::Phases::mean, {"param"}, "mean of theta"},
    {"mean_error", &RunResults::Phases::mean_error, {"param"}, "standard error of the mean of theta"},
    {"variance", &RunResults::Phases::variance, {"param"}, "variance of theta"},
    {"variance_error", &RunResults::Phases::variance_error, {"param"}, "standard error of the variance of theta"},
    {"loss_mean", &RunResults::Phases::loss_mean, {}, "mean of the loss"},
    {"loss_mean_error", &RunResults::Phases::loss_mean_error, {}, "standard error of the mean of the loss"},
    {"loss_variance", &RunResults::Phases::loss_variance, {}, "variance of the loss"},
    {"loss_variance_error", &RunResults::Phases::loss_variance_error, {}, "standard error of the variance of the loss"},
    {"occupancy", &RunResults::Phases::occupancy, {"minimum"}, "fraction of samples in the basin of a minimum"},
    {"occupancy_error", &RunResults::Phases::occupancy_error, {"minimum"}, "standard error of the occupancy"}};

bool is_taken(const std::string& name) {
  static const std::set<std::string> taken = {"run",
                                              "param",
                                              "param_2",
                                              "minimum",
                                              "basin",
                                              "group",
                                              "replicate",
                                              "side",
                                              "bnds",
                                              "density",
                                              "phase",
                                              "phase_quantity",
                                              "phase_basin",
                                              "divergence",
                                              "chain",
                                              "draw",
                                              "quantity",
                                              "temperature",
                                              "theta",
                                              "counts",
                                              "outside",
                                              "replicate_counts",
                                              "group_counts",
                                              "group_outside",
                                              "replicate_outside",
                                              "sample_count",
                                              "minima",
                                              "verdict",
                                              "trajectories",
                                              "samples",
                                              "diverged",
                                              "expected",
                                              "part",
                                              "row",
                                              "counted",
                                              "looks",
                                              "group_sums",
                                              "transitions",
                                              "to_minimum",
                                              "comparison",
                                              "comparison_verdict",
                                              "run_verdict",
                                              "judged_relaxation_time",
                                              "full_covariance",
                                              "final_state_hash",
                                              "trajectory",
                                              "step",
                                              "last_state",
                                              "origin",
                                              "bin",
                                              "destination",
                                              "destinations",
                                              "exposure",
                                              "passed",
                                              "lost",
                                              "steps_per_bin",
                                              "lag",
                                              "power",
                                              "sum",
                                              "moment",
                                              "pair",
                                              "level",
                                              "replicate_sums",
                                              "multiple",
                                              "summed",
                                              "cell",
                                              "bias",
                                              "order",
                                              "position",
                                              "loss",
                                              "hessian",
                                              "hessian_determinant",
                                              "widest",
                                              "start",
                                              "first_trajectory",
                                              "time"};
  const auto named = [&](const auto& field) { return field.name == name; };
  return taken.contains(name) || name.starts_with("edges_") || name.starts_with("bin_") || name.ends_with("_name") ||
         std::ranges::any_of(moments, named) || std::ranges::any_of(basins, named) ||
         std::ranges::any_of(scalars, named) || std::ranges::any_of(cells, named) ||
         std::ranges::any_of(comparisons, named) || std::ranges::any_of(verdicts, named) ||
         std::ranges::any_of(phases, named) || std::ranges::any_of(events, named) ||
         std::ranges::any_of(laws(), [&](const Law& law) { return key_of(law) == name; });
}

std::string meaning_of(const std::string& name) {
  static const std::map<std::string, std::string> meanings = {
      {"alpha", "probability of a false agreement"},
      {"alpha_disagrees", "probability of a false disagreement, shared out among comparisons"},
      {"barrier", "lowest barrier: loss at the lowest saddle above that at a minimum"},
      {"batch_size", "batch size S"},
      {"bias_of_step", "total variation between the law of the integrator at this time step and the prediction"},
      {"burn_in_time", "time before the first sample"},
      {"error", "standard error of the total variation"},
      {"from_start", "total variation that the start may still contribute"},
      {"lambda_max", "largest curvature at a minimum"},
      {"learning_rate", "learning rate eta"},
      {"relaxation_time", "slowest relaxation time"},
      {"sampled_time", "time that the samples span"},
      {"sigma", "standard deviation of the gradient of one example"},
      {"time_step", "time step h"}};
  const auto known = meanings.find(name);
  if (known != meanings.end()) return known->second;
  std::string words = name;
  std::ranges::replace(words, '_', ' ');
  return words;
}

}  // namespace kramers::analysis::layout
