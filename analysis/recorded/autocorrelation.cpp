#include "analysis/recorded/autocorrelation.hpp"

#include <cmath>

#include "analysis/recorded/tally_columns.hpp"
#include "analysis/verdict/jackknife.hpp"

namespace kramers::analysis {
namespace {

/// rho at every lag from pairs, products and factors of one quantity at each, whatever they are divided by.
std::vector<double> correlations(const Eigen::VectorXd& sums) {
  const double mean = sums[2] / (2 * sums[0]);
  std::vector<double> rho;
  for (Eigen::Index i = 0; i < sums.size(); i += 3) {
    const double covariance = (sums[i + 1] - mean * sums[i + 2]) / sums[i] + mean * mean;
    rho.push_back(i == 0 ? covariance : covariance / rho[0]);
  }
  rho[0] = 1;
  return rho;
}

}  // namespace

double integrated(const std::vector<double>& lags, const std::vector<double>& rho, std::size_t last) {
  double sum = 1;
  for (std::size_t i = 1; i <= last; ++i)  // of lags a + 1 .. b on a line
    sum += (lags[i] - lags[i - 1]) * (rho[i - 1] + rho[i]) + rho[i] - rho[i - 1];
  return sum;
}

Table autocorrelation_table(const sde::Tally& tally, double samples) {
  const sde::TallyAxis &quantities = tally.shape.axes[0], &lag = tally.shape.axes[1];
  const double stride = lag.at.size() > 1 ? lag.at[1] : 1;
  std::vector<double> lags;
  for (double steps : lag.at) lags.push_back(steps / stride);
  const std::vector<std::string> each = {"quantity"};
  Table table{tally.shape.name,
              tally.shape.meaning,
              {quantities, lag},
              {{"correlation", "autocorrelation", {"quantity", "lag"}, {}},
               {"correlation_error", "standard error of the autocorrelation", {"quantity", "lag"}, {}},
               {"tau", "integrated autocorrelation time in steps", each, {}},
               {"tau_error", "standard error of the integrated autocorrelation time", each, {}},
               {"window", "longest lag in steps that the integrated autocorrelation time takes in", each, {}},
               {"effective_samples", "independent samples that all samples of the run are worth", each, {}}}};
  const auto put = [&](std::size_t field, double value) { table.fields[field].values.push_back(value); };
  const double unknown = std::nan("");
  for (std::size_t q = 0; q < quantities.at.size(); ++q) {
    const Eigen::MatrixXd sums = tally_columns(tally, q * 3 * lags.size(), 3 * lags.size());
    const std::vector<double> rho = correlations(sums.colwise().sum());
    std::vector<double> errors;
    for (std::size_t i = 0; i < lags.size(); ++i) {
      const Estimate found = jackknife(sums, sums.col(0), [&](const Eigen::VectorXd& m) { return correlations(m)[i]; });
      put(0, rho[i]);
      put(1, found.error);
      errors.push_back(found.error);
    }
    const auto reaches = [&](std::size_t i) {
      return lags[i] >= window_factor * integrated(lags, rho, i) && std::abs(rho[i]) <= 2 * errors[i];
    };
    std::size_t window = 1;
    while (window < lags.size() && !reaches(window)) ++window;
    const bool wide_enough = window < lags.size();
    const Estimate tau =
        wide_enough ? jackknife(sums, sums.col(0),
                                [&](const Eigen::VectorXd& m) { return integrated(lags, correlations(m), window); })
                    : Estimate{unknown, unknown};
    put(2, stride * tau.value);
    put(3, stride * tau.error);
    put(4, wide_enough ? lag.at[window] : unknown);
    put(5, samples / tau.value);
  }
  return table;
}

}  // namespace kramers::analysis
