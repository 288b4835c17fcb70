#include "analysis/results/results_layout.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/prediction/list.hpp"

namespace kramers::analysis::layout {

const Fields<Moments> moments = {
    {"mean", &Moments::mean, {"param"}, "mean of theta", "mean of theta"},
    {"variance", &Moments::variance, {"param"}, "variance of theta", "variance of theta"},
    {"covariance", &Moments::covariance, {"param", "param_2"}, "covariance of theta", "covariance of theta"}};
const Fields<Moments> mean_loss = {{"loss_mean", &Moments::loss_mean, {}, "mean of the loss", "mean of the loss"}};
const Fields<RunResults> temperatures = {{"temperature_measured",
                                          &RunResults::temperature_measured,
                                          {},
                                          "temperature by the virial identity",
                                          "measured temperature"}};
const Fields<RunResults> basins = {
    {"occupancy", &RunResults::occupancy, {"minimum"}, "fraction of samples in the basin of a minimum", "occupancy"},
    {"prediction", &RunResults::basin_prediction, {"minimum"}, "predicted probability of the basin of a minimum"}};
const Fields<RunResults::Phases> set_in_phases = {
    {"learning_rate_mean", &RunResults::Phases::learning_rate, {"phase"}, "mean learning rate of the steps"},
    {"batch_size_mean", &RunResults::Phases::batch_size, {"phase"}, "mean batch size of the steps"},
    {"temperature_mean", &RunResults::Phases::temperature, {"phase"}, "mean temperature of the steps"}};
const Fields<PhaseEstimates> phases = {
    {"mean", &PhaseEstimates::mean, {"param"}, "mean of theta", "mean of theta"},
    {"variance", &PhaseEstimates::variance, {"param"}, "variance of theta", "variance of theta"},
    {"loss_mean", &PhaseEstimates::loss_mean, {}, "mean of the loss", "mean of the loss"},
    {"loss_variance", &PhaseEstimates::loss_variance, {}, "variance of the loss", "variance of the loss"},
    {"occupancy", &PhaseEstimates::basins, {"minimum"}, "fraction of samples in the basin of a minimum", "occupancy"}};
const Fields<EventResult> event_times = {{"bin_start", &EventResult::bin_start, {"bin"}, "time at which a bin begins"}};
const Fields<PassageEstimates> passages = {
    {"survival",
     &PassageEstimates::survival,
     {"bin"},
     "share that has not passed when a bin begins, by Kaplan and Meier",
     "survival"},
    {"rate", &PassageEstimates::rate, {}, "passages per time waited", "rate"},
    {"rate", &PassageEstimates::rate_interval, {}, "rate, by the number of passages"},
    {"mean_time", &PassageEstimates::mean_time, {}, "time waited per passage", "time waited per passage"},
    {"restricted_mean",
     &PassageEstimates::restricted_mean,
     {},
     "time waited per trajectory, at most the whole run",
     "time waited per trajectory"}};
const Fields<EventResult> event_predictions = {
    {"mean_prediction", &EventResult::mean_prediction, {"origin"}, "exact mean time of the continuous process"},
    {"mean_prediction_at_steps",
     &EventResult::mean_prediction_at_steps,
     {"origin"},
     "mean time of a process that is looked at after steps alone, by Siegmund's shift"}};
const Fields<DensityResult> cells = {
    {"probability", &DensityResult::probability, {"cell"}, "fraction of all samples", "fraction of all samples"},
    {"prediction", &DensityResult::prediction, {"cell"}, "predicted probability"},
    {"integrator_law", &DensityResult::integrator_law, {"cell"}, "probability by the law of the integrator itself"}};

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
  const auto is_of = [&](const auto& fields) {
    return std::ranges::any_of(fields, [&](const auto& field) { return std::ranges::any_of(parts(field), named); });
  };
  return taken.contains(name) || name.starts_with("edges_") || name.starts_with("bin_") || name.ends_with("_name") ||
         is_of(moments) || is_of(mean_loss) || is_of(temperatures) || is_of(basins) || is_of(set_in_phases) ||
         is_of(phases) || is_of(event_times) || is_of(passages) || is_of(event_predictions) || is_of(cells) ||
         std::ranges::any_of(comparisons, named) || std::ranges::any_of(verdicts, named) ||
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
