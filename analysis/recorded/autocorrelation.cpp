#include "analysis/recorded/autocorrelation.hpp"

#include <cmath>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "sde/observers/trajectory_means.hpp"

namespace kramers::analysis {
namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

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
  const std::vector<std::string> each = {"quantity"};
  Table table{tally.shape.name,
              tally.shape.meaning,
              {quantities, lag},
              {{"correlation", "autocorrelation", {"quantity", "lag"}, {}},
               {"correlation_error", "standard error of the autocorrelation", {"quantity", "lag"}, {}},
               {"tau", "integrated autocorrelation time in steps", each, {}},
               {"tau_error", "standard error of the integrated autocorrelation time", each, {}},
               {"effective_samples", "independent samples that all samples of the run are worth", each, {}},
               {"effective_samples_error", "standard error of the effective samples", each, {}}}};
  const auto put = [&](std::size_t field, double value) { table.fields[field].values.push_back(value); };
  for (std::size_t q = 0; q < quantities.at.size(); ++q) {
    const MatrixXd sums = tally_columns(tally, q * 3 * lag.at.size(), 3 * lag.at.size());
    const std::vector<double> rho = normalised(sums.colwise().sum());
    for (std::size_t i = 0; i < lag.at.size(); ++i) {
      put(0, rho[i]);
      put(1, jackknife(sums, sums.col(0), [&](const VectorXd& m) { return normalised(m)[i]; }).error);
    }
    const Estimate tau =
        autocorrelation_time(tally_columns(means, q * 7, 7), samples, double(sde::stretch_length(request)));
    const double effective = double(statistics.trajectories) * samples / tau.value;
    put(2, stride * tau.value);
    put(3, stride * tau.error);
    put(4, effective);
    put(5, effective * tau.error / tau.value);
  }
  return table;
}

}  // namespace kramers::analysis
