#include "analysis/prediction/theory.hpp"

#include "analysis/prediction/euler_maruyama_kernel.hpp"
#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/laplace.hpp"
#include "analysis/prediction/relaxation.hpp"
#include "analysis/prediction/shadow.hpp"

namespace kramers::analysis {
namespace {

std::optional<Prediction> integrator_law(const Experiment& experiment, const landscapes::Landscape& landscape,
                                         double temperature, double time_step) {
  if (experiment.dynamics.scheme != "euler-maruyama") return std::nullopt;
  const auto exact = euler_maruyama_prediction(landscape, temperature, time_step, experiment.record.density);
  if (exact) return *exact;
  if (landscape.superquadratic()) return std::nullopt;
  const auto first_order = shadow_density(landscape, temperature, time_step, experiment.record.density);
  if (first_order) return *first_order;
  return std::nullopt;
}

}  // namespace

Theory theory_of(const Experiment& experiment, const landscapes::Landscape& landscape) {
  Theory theory;
  theory.derived = derive(experiment, landscape);
  const double temperature = theory.derived.temperature;
  if (landscape.confining())
    if (const auto slowest = relaxation(landscape, temperature)) theory.relaxation = *slowest;
  if (experiment.compare.prediction == "boltzmann-gibbs") {
    theory.gibbs = boltzmann_gibbs(landscape, temperature, experiment.record.density);
    theory.laplace = laplace_basin_weights(landscape, temperature);
    theory.integrator = integrator_law(experiment, landscape, temperature, theory.derived.time_step);
  }
  return theory;
}

}  // namespace kramers::analysis
