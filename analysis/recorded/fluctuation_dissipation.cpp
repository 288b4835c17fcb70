#include "analysis/recorded/fluctuation_dissipation.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/gradient_noise.hpp"
#include "analysis/recorded/tally_columns.hpp"
#include "analysis/verdict/jackknife.hpp"
#include "analysis/verdict/variation.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers::analysis {

std::vector<double> coordinate_temperatures(const Experiment& experiment) {
  const std::shared_ptr<const landscapes::Landscape> landscape =
      landscapes::find(experiment.landscape.name).make(experiment.landscape.parameters);
  const double temperature = sde::effective_temperature(scheme_parameters(experiment));
  std::vector<double> expected(landscape->dim(), temperature);
  if (!experiment.dynamics.sigma) return expected;  // T was given: isotropic noise
  const auto noise = make_noise(experiment, landscape);
  const double reference = *experiment.dynamics.sigma * *experiment.dynamics.sigma;
  for (int i = 0; i < landscape->dim(); ++i) expected[i] *= noise->constant_variance(i) / reference;
  return expected;
}

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
