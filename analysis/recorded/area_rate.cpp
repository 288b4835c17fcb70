#include "analysis/recorded/area_rate.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"

namespace kramers::analysis {

Table area_rate_table(const sde::Tally& tally, double time_between_samples) {
  Table table{tally.shape.name,
              tally.shape.meaning,
              {tally.shape.axes[0]},
              {{"area_rate", "area that a trajectory sweeps in a plane per time", {"pair"}, {}},
               {"area_rate_error", "standard error of the area rate", {"pair"}, {}},
               {"entropy_production", "lower bound of the entropy production rate", {"pair"}, {}},
               {"entropy_production_error", "standard error of the lower bound", {"pair"}, {}}}};
  for (std::size_t p = 0; p < tally.shape.size(); p += 2) {
    const Eigen::MatrixXd sums = tally_columns(tally, p, 2);
    const Estimate rate = jackknife_mean(sums.col(1), sums.col(0));
    table.fields[0].values.push_back(rate.value / time_between_samples);
    table.fields[1].values.push_back(rate.error / time_between_samples);
    const double z = rate.value / rate.error, time = sums.col(0).sum() * time_between_samples;
    table.fields[2].values.push_back(2 * (z * z - 1) / time);
    const double of_z = 4 * std::max(0.0, z * z - 1) + 2, of_error = 2 * z * z * z * z / tally.replicates;
    table.fields[3].values.push_back(2 / time * std::sqrt(of_z + of_error));
  }
  return table;
}

}  // namespace kramers::analysis
