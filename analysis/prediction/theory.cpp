#include "analysis/prediction/theory.hpp"

#include <cmath>

#include "analysis/prediction/euler_maruyama_kernel.hpp"
#include "analysis/prediction/gibbs.hpp"
#include "analysis/prediction/laplace.hpp"
#include "analysis/prediction/relaxation.hpp"
#include "analysis/prediction/shadow.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

/// Under isotropic noise, beside that of Gibbs.
Answer<Prediction> integrator_law(const Experiment& experiment, const landscapes::Landscape& landscape,
                                  const Prediction& gibbs, const Derived& derived) {
  if (sde::find_scheme(experiment.dynamics.scheme)->invariant_order == sde::unbounded_order) return gibbs;
  if (!derived.is_steady()) return Answer<Prediction>::none("the time step changes");
  if (experiment.dynamics.scheme != "euler-maruyama")
    return Answer<Prediction>::none("its law is computed for euler-maruyama alone");
  const double temperature = derived.effective_temperature, time_step = derived.time_step;
  const auto exact = euler_maruyama_prediction(landscape, temperature, time_step, experiment.record.density);
  if (exact || landscape.superquadratic()) return exact;
  return shadow_density(landscape, temperature, time_step, experiment.record.density);
}

}  // namespace

Theory theory_of(const Experiment& experiment, const landscapes::Landscape& landscape, sde::NoiseStructure noise) {
  Theory theory;
  theory.derived = derive(experiment, landscape);
  theory.derived.noise = noise;
  const bool isotropic = noise == sde::NoiseStructure::isotropic;
  const double temperature = theory.derived.effective_temperature;
  if (std::isnan(temperature)) return theory;  // it changes: there is no stationary law
  const RelaxationFacts relaxation = relaxation_facts(experiment, landscape, theory.derived);
  theory.relaxation = relaxation.slowest;
  theory.relaxation_floor = relaxation.floor;
  theory.why_no_relaxation = relaxation.why_not;
  theory.passages = passage_predictions(experiment, landscape, noise);
  if (experiment.compare.prediction == "boltzmann-gibbs") {
    theory.gibbs = boltzmann_gibbs(landscape, temperature, experiment.record.density);
    theory.laplace = laplace_basin_weights(landscape, temperature);
    const auto integrator = isotropic ? integrator_law(experiment, landscape, *theory.gibbs, theory.derived)
                                      : Answer<Prediction>::none("its law is computed for isotropic noise alone");
    theory.integrator = integrator.value;
    theory.why_no_integrator_law = integrator.why_not;
  }
  return theory;
}

}  // namespace kramers::analysis
