#include "analysis/experiment/reference_noise.hpp"

#include <cmath>

#include "analysis/experiment/rates.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "landscapes/gradient_noise/isotropic_noise.hpp"

namespace kramers::analysis {

std::unique_ptr<landscapes::GradientNoise> make_noise(const Experiment& experiment,
                                                      const std::shared_ptr<const landscapes::Landscape>& landscape) {
  if (experiment.dynamics.temperature)  // which stands in place of sigma
    return std::make_unique<landscapes::IsotropicNoise>(std::sqrt(*experiment.dynamics.temperature));
  const auto& [kind, parameters] = experiment.dynamics.noise;
  return landscapes::find_noise(kind).make(parameters, landscape);
}

double reference_variance(const landscapes::GradientNoise& noise, const landscapes::Landscape& landscape) {
  if (landscape.minima().empty()) return noise.mean_variance(landscapes::Point::Zero(landscape.dim()));
  double sum = 0;
  for (const landscapes::Minimum& minimum : landscape.minima()) sum += noise.mean_variance(minimum.at);
  return sum / double(landscape.minima().size());
}

void set_sigma(Experiment& experiment, const landscapes::GradientNoise& noise, const landscapes::Landscape& landscape) {
  auto& dynamics = experiment.dynamics;
  const auto tail = noise.tail();
  if (!tail) {
    dynamics.sigma = std::sqrt(reference_variance(noise, landscape));
    return;
  }
  if (!dynamics.learning_rate || !dynamics.batch_size) return;
  const double h_over_eta = dynamics.momentum ? 1 : time_step(experiment) / *dynamics.learning_rate;
  dynamics.sigma = tail->scale * std::pow(*dynamics.batch_size * h_over_eta, 1 / tail->alpha - 0.5);
}

}  // namespace kramers::analysis
