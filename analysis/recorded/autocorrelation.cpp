#include "analysis/recorded/autocorrelation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "analysis/recorded/quantities.hpp"
#include "analysis/recorded/recorded.hpp"
#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/uncertain.hpp"

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd, Eigen::VectorXd;
using sde::AutocorrelationRequest;

constexpr std::uint64_t default_followed = 256;

/// rho at every lag from pairs, products and factors of one quantity at each, whatever they are divided by.
std::vector<double> normalised(const VectorXd& sums) {
  const double mean = sums[2] / (2 * sums[0]);
  std::vector<double> rho;
  for (Eigen::Index i = 0; i < sums.size(); i += 3) {
    const double covariance = (sums[i + 1] - mean * sums[i + 2]) / sums[i] + mean * mean;
    rho.push_back(i == 0 ? covariance : covariance / rho[0]);
  }
  rho[0] = 1;
  return rho;
}

/// From the sums of the observer TrajectoryMeans over each replicate, `lengths` in samples.
Estimate autocorrelation_time(const MatrixXd& sums, double whole, double stretch) {
  const double trajectories = sums.col(0).sum();
  /// Variance of the trajectories' means in units of that of x; both from means over the trajectories.
  const auto share = [&](const VectorXd& m) {
    return (m[2] - m[1] * m[1]) * trajectories / (trajectories - 1) / (m[3] - m[1] * m[1]);
  };
  const auto time = [&](const VectorXd& m) {
    const double of_stretches = (m[6] - 2 * m[1] * m[5]) / m[4] + m[1] * m[1];
    const double long_time = whole * share(m), short_time = stretch * of_stretches / (m[3] - m[1] * m[1]);
    return long_time * std::pow(long_time / short_time, stretch / (whole - stretch));
  };
  const double of_all = share(sums.colwise().sum() / trajectories);
  if (!(of_all > 0 && of_all <= largest_share_of_means)) return unknown_estimate;
  return jackknife(sums, sums.col(0), time);
}

}  // namespace

Table autocorrelation_table(const sde::RunStatistics& statistics, const sde::AutocorrelationRequest& request) {
  const sde::Tally &tally = *statistics.tally("autocorrelation"), &means = *statistics.tally("trajectory_means");
  const sde::TallyAxis &quantities = tally.shape.axes[0], &lag = tally.shape.axes[1];
  const double stride = lag.at.size() > 1 ? lag.at[1] : 1, samples = double(statistics.samples);
  std::vector<Estimate> correlation, times, effective_samples;
  for (std::size_t q = 0; q < quantities.at.size(); ++q) {
    const MatrixXd sums = tally_columns(tally, q * 3 * lag.at.size(), 3 * lag.at.size());
    const std::vector<double> rho = normalised(sums.colwise().sum());
    const std::vector<Estimate> jackknifed = jackknife_all(sums, sums.col(0), normalised);
    for (std::size_t i = 0; i < rho.size(); ++i) correlation.push_back({rho[i], jackknifed[i].error});
    const Estimate tau =
        autocorrelation_time(tally_columns(means, q * 7, 7), samples, double(request.stretch_length()));
    const double effective = double(statistics.trajectories) * samples / tau.value;
    times.push_back({stride * tau.value, stride * tau.error});
    effective_samples.push_back({effective, effective * tau.error / tau.value});
  }
  std::vector<TableField> fields =
      TableFields({"quantity", "lag"}).add("correlation", "autocorrelation", correlation).take();
  std::ranges::move(
      TableFields({"quantity"})
          .add("tau", "integrated autocorrelation time in steps", times, "the integrated autocorrelation time")
          .add("effective_samples", "independent samples that all samples of the run are worth", effective_samples,
               "the effective samples")
          .take(),
      std::back_inserter(fields));
  return {tally.shape.name, tally.shape.meaning, {quantities, lag}, std::move(fields)};
}

Recorded recorded_autocorrelation() {
  return {
      .name = "autocorrelation",
      .needs_one_length = true,
      .read = [](Section& record, const Draft& draft) -> std::shared_ptr<const sde::Request> {
        if (!record.find("autocorrelation")) return nullptr;
        Section section = record.section("autocorrelation");
        const auto& ensemble = draft.experiment.ensemble;
        auto quantities = read_quantities(section, draft.landscape.get());
        const auto followed = section.count("trajectories", 1, double(ensemble.trajectories))
                                  .value_or(std::min(ensemble.trajectories, default_followed));
        const std::uint64_t every = ensemble.sample_every, samples = ensemble.steps / every;
        std::uint64_t longest_lag = std::max<std::uint64_t>(samples / 2, 1);
        if (const auto lag = section.count("longest_lag", 1, longest_run)) {
          if (*lag % every != 0 || *lag >= samples * every)
            section.refuse("longest_lag",
                           fmt::format("a multiple of the {} steps from sample to sample, below the {} steps after "
                                       "burn-in",
                                       every, samples * every));
          longest_lag = *lag / every;
        } else if (samples < 2 && !section.has("longest_lag")) {
          section.missing(fmt::format("key '{}' needs at least 2 samples", section.full("longest_lag")));
        }
        section.finish();
        return std::make_shared<AutocorrelationRequest>(std::move(quantities), followed, longest_lag);
      },
      .text = [](const Experiment& experiment) -> std::string {
        const auto* request = sde::find<AutocorrelationRequest>(experiment.record.requests);
        if (!request) return "";
        return fmt::format("{{ {}, trajectories = {}, longest_lag = {} }}", quantities_text(request->quantities),
                           request->trajectories, request->longest_lag * experiment.ensemble.sample_every);
      },
      .table = [](const Experiment& experiment, const sde::RunStatistics& statistics) -> std::optional<Table> {
        const auto* request = sde::find<AutocorrelationRequest>(experiment.record.requests);
        if (!request || !statistics.tally("autocorrelation")) return std::nullopt;
        return autocorrelation_table(statistics, *request);
      },
      .lines =
          [](const Table& table, const std::string& label) {
            std::string lines;
            const std::vector<std::string>& quantities = table.axis("quantity")->words;
            for (std::size_t q = 0; q < quantities.size(); ++q)
              lines +=
                  fmt::format("  {}, {}: {}\n", label, quantities[q],
                              std::isnan(table.field("tau")->values[q])
                                  ? "autocorrelation time not known: trajectories too few or too short, or no variance"
                                  : fmt::format("autocorrelation time {} steps, {} effective samples",
                                                uncertain(table, "tau", q), uncertain(table, "effective_samples", q)));
            return lines;
          },
  };
}

}  // namespace kramers::analysis
