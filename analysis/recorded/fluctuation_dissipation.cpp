#include "analysis/recorded/fluctuation_dissipation.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"
#include "analysis/statistics/variation.hpp"

namespace kramers::analysis {

Table fluctuation_dissipation_table(const sde::Tally& tally, const std::vector<double>& expected, double alpha) {
  const std::vector<std::string> each = {"coordinate"};
  const double limit = student_quantile(alpha / (2 * double(expected.size())), std::max(1, tally.replicates - 1));
  Table table{tally.shape.name,
              tally.shape.meaning,
              {tally.shape.axes[0]},
              {{"coordinate_temperature", "temperature of the coordinate", each, {}},
               {"coordinate_temperature_error", "standard error of the temperature of the coordinate", each, {}},
               {"expected", "temperature that the noise gives the coordinate", each, expected},
               {"residual", "temperature less the expected one", each, {}},
               {"z", "residual in standard errors", each, {}},
               {"flagged", "1 where the residual is beyond chance, among all coordinates", each, {}},
               {"limit", "of z in either direction, beyond which a coordinate is flagged", {}, {limit}}}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Eigen::MatrixXd sums = tally_columns(tally, 2 * i, 2);
    const Estimate found = jackknife_mean(sums.col(1), sums.col(0));
    const double residual = found.value - expected[i], z = residual / found.error;
    table.fields[0].values.push_back(found.value);
    table.fields[1].values.push_back(found.error);
    table.fields[3].values.push_back(residual);
    table.fields[4].values.push_back(z);
    table.fields[5].values.push_back(std::abs(z) > limit ? 1.0 : 0.0);
  }
  return table;
}

}  // namespace kramers::analysis
