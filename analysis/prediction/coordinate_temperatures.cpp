#include "analysis/prediction/coordinate_temperatures.hpp"

#include <memory>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/reference_noise.hpp"
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

}  // namespace kramers::analysis
