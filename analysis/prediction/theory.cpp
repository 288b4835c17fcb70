#include "analysis/prediction/theory.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/prediction/euler_maruyama_kernel.hpp"
#include "analysis/prediction/list.hpp"
#include "analysis/prediction/relaxation.hpp"
#include "analysis/prediction/shadow.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

/// The law that the integrator samples in place of Boltzmann-Gibbs, to which it tends as h goes to 0: beside no other
/// prediction, of which it would excuse what is no matter of the step.
Answer<Prediction> integrator_law(const Experiment& experiment, const landscapes::Landscape& landscape,
                                  const Prediction& judged, const Derived& derived) {
  if (judged.name != "boltzmann-gibbs")
    return Answer<Prediction>::none("its law is held against boltzmann-gibbs alone");
  if (derived.noise != sde::NoiseStructure::isotropic)
    return Answer<Prediction>::none("its law is computed for isotropic noise alone");
  if (sde::find_scheme(experiment.dynamics.scheme)->invariant_order == sde::unbounded_order) return judged;
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
  const double temperature = theory.derived.effective_temperature;
  if (std::isnan(temperature)) return theory;  // it changes: there is no stationary law
  const RelaxationFacts relaxation = relaxation_facts(experiment, landscape, theory.derived);
  theory.relaxation = relaxation.slowest;
  theory.relaxation_floor = relaxation.floor;
  theory.why_no_relaxation = relaxation.why_not;
  theory.passages = passage_predictions(experiment, landscape, noise);
  const std::string& judged = experiment.compare.prediction;
  if (judged == "none") return theory;
  for (const Law& law : laws()) {
    Answer<Prediction> said = law.predict({landscape, temperature, experiment.record.density});
    if (!said && law.name == judged) throw std::invalid_argument(said.why_not);
    if (!said) continue;
    said.value->name = law.name;
    said.value->densities.resize(experiment.record.density.size());
    said.value->mean.resize(landscape.dim());
    said.value->second_moment.resize(landscape.dim());
    if (law.name == judged)
      theory.prediction = std::move(said.value);
    else
      theory.others.push_back(std::move(*said.value));
  }
  const auto integrator = integrator_law(experiment, landscape, *theory.prediction, theory.derived);
  theory.integrator = integrator.value;
  theory.why_no_integrator_law = integrator.why_not;
  return theory;
}

std::optional<std::vector<double>> Theory::basins_by(const std::string& law) const {
  if (prediction && prediction->name == law) return prediction->basins;
  const auto found = std::ranges::find(others, law, &Prediction::name);
  return found == others.end() ? std::nullopt : found->basins;
}

}  // namespace kramers::analysis
