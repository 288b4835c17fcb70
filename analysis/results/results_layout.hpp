#pragma once

#include <cctype>
#include <span>
#include <string>
#include <vector>

#include "analysis/results/fields.hpp"

/// Where the numbers of a RunResults lie in a results file: read by the writer and the reader alike.
namespace kramers::analysis::layout {

inline constexpr int version = 2;

extern const Fields<Moments> moments;
extern const Fields<Moments> mean_loss;        // in /moments too
extern const Fields<RunResults> temperatures;  // the same
extern const Fields<RunResults> basins;        // beside `prediction` what another law says: a dataset of the law's key
extern const Fields<RunResults::Phases> set_in_phases;
extern const Fields<PhaseEstimates> phases;
extern const Fields<EventResult> event_times, event_predictions;
extern const Fields<PassageEstimates> passages;  // of each origin

/// Two datasets in /density_K: NAME (run, bin...) and outside_NAME (run, side).
extern const Fields<DensityResult> cells;

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
