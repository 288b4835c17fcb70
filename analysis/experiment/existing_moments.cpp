#include "analysis/experiment/existing_moments.hpp"

namespace kramers::analysis {

ExistingMoments existing_moments(const Experiment& experiment) {
  const auto& noise = experiment.dynamics.noise;
  if (noise.kind != "stable") return {};
  const double alpha = landscapes::number_in("alpha", noise.parameters.at("alpha"), landscapes::positive);
  return {.mean = alpha > 1, .variance = alpha == 2};
}

}  // namespace kramers::analysis
