#pragma once

#include <cctype>
#include <span>
#include <string>
#include <vector>

#include "analysis/results/results_file.hpp"

/// Where the numbers of a RunResults lie in a results file: read by the writer and the reader alike.
namespace kramers::analysis::layout {

inline constexpr int version = 2;

/// A dataset (run, dimensions...) of doubles.
struct VectorField {
  const char* name;
  std::vector<double> RunResults::*place;
  std::vector<std::string> dimensions;  // after run
  const char* long_name;
};
inline const std::vector<VectorField> moments = {
    {"mean", &RunResults::mean, {"param"}, "mean of theta"},
    {"mean_error", &RunResults::mean_error, {"param"}, "standard error of the mean of theta"},
    {"variance", &RunResults::variance, {"param"}, "variance of theta"},
    {"variance_error", &RunResults::variance_error, {"param"}, "standard error of the variance of theta"},
    {"covariance", &RunResults::covariance, {"param", "param_2"}, "covariance of theta"},
    {"covariance_error",
     &RunResults::covariance_error,
     {"param", "param_2"},
     "standard error of the covariance of theta"}};
inline const std::vector<VectorField> basins = {
    {"occupancy", &RunResults::occupancy, {"minimum"}, "fraction of samples in the basin of a minimum"},
    {"occupancy_error", &RunResults::occupancy_error, {"minimum"}, "standard error of the occupancy"},
    {"prediction", &RunResults::basin_prediction, {"minimum"}, "predicted probability of the basin of a minimum"}};
// Beside each `prediction` what a law that was not asked for says: a dataset of the law's key.

/// A dataset (run, phase, dimensions...) in /phases.
struct PhaseField {
  const char* name;
  std::vector<double> RunResults::Phases::*place;
  std::vector<std::string> dimensions;  // after phase
  const char* long_name;
};
extern const std::vector<PhaseField> phases;

/// A dataset (run) in /moments.
struct ScalarField {
  const char* name;
  double RunResults::*place;
  const char* long_name;
};
inline constexpr ScalarField scalars[] = {
    {"loss_mean", &RunResults::loss_mean, "mean of the loss"},
    {"loss_mean_error", &RunResults::loss_mean_error, "standard error of the mean of the loss"},
    {"temperature_measured", &RunResults::temperature_measured, "temperature by the virial identity"},
    {"temperature_measured_error", &RunResults::temperature_measured_error,
     "standard error of the measured temperature"}};

/// Two datasets in /density_K: NAME (run, bin...) and outside_NAME (run, side).
struct CellField {
  const char* name;
  std::vector<double> DensityResult::*place;
  const char* long_name;
};
inline constexpr CellField cells[] = {
    {"probability", &DensityResult::probability, "fraction of all samples"},
    {"probability_error", &DensityResult::probability_error, "standard error of the fraction of all samples"},
    {"prediction", &DensityResult::prediction, "predicted probability"},
    {"integrator_law", &DensityResult::integrator_law, "probability by the law of the integrator itself"}};

/// A dataset (run, density) in /verdict.
struct VerdictField {
  const char* name;
  double DensityResult::*place;
  const char* long_name;
};
inline constexpr VerdictField verdicts[] = {
    {"total_variation", &DensityResult::total_variation, "total variation between sample and prediction"},
    {"lower", &DensityResult::lower, "lower bound of the total variation"},
    {"upper", &DensityResult::upper, "upper bound of the total variation"},
    {"tolerance", &DensityResult::tolerance, "total variation that counts as agreement"}};

/// A dataset (run, comparison) in /verdict.
struct ComparisonField {
  const char* name;
  double ComparisonResult::*place;
  const char* long_name;
};
inline constexpr ComparisonField comparisons[] = {
    {"comparison_difference", &ComparisonResult::difference,
     "total variation, or distance of a mean, from the prediction"},
    {"comparison_error", &ComparisonResult::error, "standard error of the difference"},
    {"comparison_lower", &ComparisonResult::lower, "it disagrees at any tolerance below"},
    {"comparison_upper", &ComparisonResult::upper, "it agrees at any tolerance above"},
    {"comparison_tolerance", &ComparisonResult::tolerance, "difference that counts as agreement"}};
inline constexpr const char* verdict_meanings =
    "agrees not_enough_data disagrees not_judged not_known_to_be_stationary";

/// A dataset (run, origin, bin) in /events_K, or without some of these.
struct EventField {
  const char* name;
  std::vector<double> EventResult::*place;
  bool per_origin, per_bin;
  const char* long_name;
};
inline constexpr EventField events[] = {
    {"bin_start", &EventResult::bin_start, false, true, "time at which a bin begins"},
    {"survival", &EventResult::survival, true, true,
     "share that has not passed when a bin begins, by Kaplan and Meier"},
    {"survival_error", &EventResult::survival_error, true, true, "standard error of the survival"},
    {"rate", &EventResult::rate, true, false, "passages per time waited"},
    {"rate_error", &EventResult::rate_error, true, false, "standard error of the rate"},
    {"rate_lower", &EventResult::rate_lower, true, false, "lower bound of the rate, by the number of passages"},
    {"rate_upper", &EventResult::rate_upper, true, false, "upper bound of the rate, by the number of passages"},
    {"mean_time", &EventResult::mean_time, true, false, "time waited per passage"},
    {"mean_time_error", &EventResult::mean_time_error, true, false, "standard error of the time waited per passage"},
    {"restricted_mean", &EventResult::restricted_mean, true, false,
     "time waited per trajectory, at most the whole run"},
    {"restricted_mean_error", &EventResult::restricted_mean_error, true, false,
     "standard error of the time waited per trajectory"},
    {"mean_prediction", &EventResult::mean_prediction, true, false, "exact mean time of the continuous process"},
    {"mean_prediction_at_steps", &EventResult::mean_prediction_at_steps, true, false,
     "mean time of a process that is looked at after steps alone, by Siegmund's shift"}};

/// Letters, digits and underscores: what every reader takes for a name.
inline std::string plain_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

/// The dataset in /derived of a quantity; a swept value of the same name comes first.
inline std::string derived_name(const std::string& name, bool is_coordinate) {
  return (is_coordinate ? "derived_" : "") + plain_name(name);
}

/// Names that a dataset above, a dimension or a fixed dataset has taken in some group: no coordinate has them.
bool is_taken(const std::string& name);

/// One line on a derived quantity or a number of a verdict.
std::string meaning_of(const std::string& name);

/// The part [first, first + count) of each row of `cells` values.
template <class T>
std::vector<T> columns(std::span<const T> rows, int cells, int first, int count) {
  std::vector<T> part;
  part.reserve(rows.size() / cells * count);
  for (std::size_t row = 0; row < rows.size(); row += cells)
    part.insert(part.end(), rows.begin() + row + first, rows.begin() + row + first + count);
  return part;
}

}  // namespace kramers::analysis::layout
