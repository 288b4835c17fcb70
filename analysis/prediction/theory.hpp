#pragma once

#include <optional>
#include <vector>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment/experiment.hpp"
#include "analysis/prediction/passages.hpp"
#include "analysis/prediction/prediction.hpp"
#include "analysis/prediction/relaxation.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// Everything that is known of one run before anything moves.
struct Theory {
  Derived derived;                          // T, h, ...
  std::optional<Relaxation> relaxation;     // the largest of what is known of the relaxation time
  std::string why_no_relaxation;            // where it is absent
  std::optional<double> relaxation_floor;   // [time]: a bound, and the largest: it is no shorter than this
  std::optional<Prediction> prediction;     // by the law that is judged; absent: none is asked for
  std::vector<Prediction> others;           // beside it: by the other laws of the list that say something
  std::optional<Prediction> integrator;     // the scheme's own law at this h, exact or to first order in h
  std::string why_no_integrator_law;        // where it is absent beside a prediction
  std::vector<PassagePrediction> passages;  // one an event

  /// What a law says of basins, by its name; absent: nothing.
  std::optional<std::vector<double>> basins_by(const std::string& law) const;
};

/// Throws std::invalid_argument where a prediction is asked for that does not exist (a loss that is not confining).
Theory theory_of(const Experiment& experiment, const landscapes::Landscape& landscape,
                 sde::NoiseStructure noise = sde::NoiseStructure::isotropic);

}  // namespace kramers::analysis
