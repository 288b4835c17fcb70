#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "analysis/results/part_file.hpp"
#include "analysis/statistics/estimates.hpp"
#include "analysis/statistics/passage_estimates.hpp"
#include "analysis/statistics/phases.hpp"
#include "analysis/statistics/table.hpp"
#include "analysis/verdict/decision.hpp"
#include "sde/random/philox.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// One density of one run. Vectors are over cells in the numbering of sde::DensityGrid, outside included, or empty
/// where not known.
struct DensityResult {
  std::vector<Estimate> probability;              // fraction of all samples
  std::vector<double> prediction;                 // absolute probability by the law that was asked for
  std::map<std::string, std::vector<double>> by;  // the same by other laws, by the law's key
  std::vector<double> integrator_law;             // the same by the integrator's own law
  double total_variation = not_known, lower = not_known, upper = not_known, tolerance = not_known;
  std::map<std::string, double> more;  // further numbers of the verdict by name, such as "noise_floor"
  Decision verdict = Decision::not_judged;
  std::string reason;
};

/// First passages of one event in one run. NaN where not known.
struct EventResult {
  std::vector<double> bin_start;
  std::vector<PassageEstimates> origins;                          // a file read has their survival, rates and times
  std::vector<double> mean_prediction, mean_prediction_at_steps;  // per origin
};

/// What is common to an event of all runs.
struct EventLabel {
  std::string name, what;  // as the user calls it, and in words
  bool bridge = false;
  bool operator==(const EventLabel&) const = default;
};

/// One comparison of one run: of a density, the basins, the temperature or the mean loss. NaN where not known.
struct ComparisonResult {
  std::string what, over;
  double difference = not_known, error = not_known, lower = not_known, upper = not_known, tolerance = not_known;
  Decision verdict = Decision::not_judged;
  std::string reason;
  std::vector<std::string> warnings;
};

/// One run of a sweep. Errors are standard errors; vectors are empty where not known.
struct RunResults {
  std::map<std::string, std::variant<double, std::string>> swept;  // by key, such as "dynamics.batch_size"
  std::map<std::string, double> derived;  // by name: "temperature", "time_step", "learning_rate", ...
  sde::RunStatistics statistics;

  Moments moments;  // without the variance of the loss, which the file has by phases alone
  Estimate temperature_measured;
  std::vector<Estimate> occupancy;                       // of the basin of each minimum
  std::vector<double> basin_prediction;                  // by the law that was asked for
  std::map<std::string, std::vector<double>> basins_by;  // by other laws, by the law's key
  std::vector<DensityResult> densities;                  // one per grid

  struct Phases {                                                // of a course
    std::vector<double> learning_rate, batch_size, temperature;  // means over the steps after the burn-in
    std::vector<PhaseEstimates> sampled;
  } phases;
  std::vector<EventResult> events;  // one per event
  std::vector<ComparisonResult> comparisons;
  Decision verdict = Decision::not_judged;    // the worst of all
  double judged_relaxation_time = not_known;  // that the verdict rests on [time]
  std::string stationarity;                   // how it is known, or why it is not
  std::vector<Table> tables;                  // what was asked for beside

  /// What follows from the experiment, for readers who have the file alone: written, and not read back.
  struct Landmarks {
    std::vector<double> position, loss, hessian, hessian_determinant;  // of each minimum; the third where they are few
    std::int64_t widest = -1;                                          // the minimum of the smallest determinant
    std::vector<double> start;                                         // of each group, where groups are start points
    std::vector<std::int64_t> draw_step;                               // of each kept state
    std::vector<double> draw_time;
  } landmarks;
};

/// All that a results file holds. Every run has the same grids, events, minima, dimension and number of replicates,
/// start groups and kept states, and tallies and tables of the same names and axes.
struct Results {
  std::string title;
  std::uint64_t seed = 0;
  std::string experiment_as_given;  // text of the experiment file
  std::string experiment_resolved;  // the same with overrides and defaults
  std::vector<sde::DensityGrid> grids;
  std::vector<std::vector<double>> minima;
  std::vector<EventLabel> events;
  std::vector<RunResults> runs;
  std::string references;  // of landscape, scheme and noise; written, and not read back
  std::int64_t counter_layout_version = sde::counter_layout_version;  // by which the noise can be made again
  std::map<std::string, std::string> provenance;  // version, compiler, host, ...: what equal runs may differ in
  std::string path;                               // of the file that this was read from
  std::vector<std::string> warnings;              // of that file: whoever shows it has to say them
};

/// Writes the results file: under its name only when it is whole (Hdf5Writer::commit). Throws std::runtime_error.
void write(const Results& results, const std::string& path, Replace replace = Replace::ours);

/// Bytes that the file will have.
std::uint64_t size(const Results& results);

/// Every field of what was written. Throws std::runtime_error that names the file.
Results read(const std::string& path);
enum class Origin;  // see hdf5_file.hpp
Results read(const std::string& path, Origin origin);

}  // namespace kramers::analysis
