#pragma once

#include <memory>

#include "analysis/experiment/experiment.hpp"
#include "landscapes/gradient_noise/gradient_noise.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// The noise that an experiment names. Throws landscapes::ParameterError.
std::unique_ptr<landscapes::GradientNoise> make_noise(const Experiment& experiment,
                                                      const std::shared_ptr<const landscapes::Landscape>& landscape);

/// sigma^2 [gradient^2] of the effective temperature: Tr C / d, averaged over the minima of the landscape, or at the
/// origin where none are known.
double reference_variance(const landscapes::GradientNoise& noise, const landscapes::Landscape& landscape);

/// Sets dynamics.sigma such that the noise of a step is sqrt(2 T h) B(theta) xi with T = eta sigma^2 / (2 S): from the
/// reference variance, or, where noise is stable, for eps h^(1/alpha) xi with eps = eta^(1 - 1/alpha) S^(1/alpha - 1)
/// scale. Learning rate, batch size and time step have to be set where it is stable.
void set_sigma(Experiment& experiment, const landscapes::GradientNoise& noise, const landscapes::Landscape& landscape);

}  // namespace kramers::analysis
