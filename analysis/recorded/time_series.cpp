#include "analysis/recorded/time_series.hpp"

#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"

namespace kramers::analysis {

Table time_series_table(const sde::Tally& tally) {
  const std::vector<std::string> over = {"step", "quantity"};
  Table table{tally.shape.name,
              tally.shape.meaning,
              {tally.shape.axes[0], tally.shape.axes[1]},
              {{"mean", "mean over the trajectories and the samples in a bin", over, {}},
               {"mean_error", "standard error of the mean", over, {}},
               {"variance", "variance over the trajectories and the samples in a bin", over, {}},
               {"variance_error", "standard error of the variance", over, {}}}};
  for (std::size_t at = 0; at < tally.shape.size(); at += 3) {
    const Eigen::MatrixXd powers = tally_columns(tally, at, 3);
    const Estimate mean = jackknife_mean(powers.col(1), powers.col(0));
    const Estimate variance =
        jackknife(powers.rightCols(2), powers.col(0), [](const Eigen::VectorXd& m) { return m[1] - m[0] * m[0]; });
    const double found[] = {mean.value, mean.error, variance.value, variance.error};
    for (int k = 0; k < 4; ++k) table.fields[k].values.push_back(found[k]);
  }
  return table;
}

}  // namespace kramers::analysis
