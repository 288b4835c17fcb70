#pragma once

#include <string>
#include <vector>

#include "analysis/experiment/experiment.hpp"
#include "landscapes/model/landscape.hpp"

namespace kramers::analysis {

/// Mean first-passage times [time] of one event, per origin, averaged over the start points that wait there; NaN where
/// none does.
struct PassagePrediction {
  std::vector<double> mean_time;  // of the continuous process; empty where not known
  std::vector<double> at_steps;   // of one that is looked at after steps alone; empty where the event has a bridge too
  std::string why_not;
};

/// Exact integrals (mean_exit_time) in one dimension, for overdamped dynamics with isotropic noise from start points;
/// `at_steps` by Siegmund's shift of the boundaries, for schemes without memory. One prediction an event.
std::vector<PassagePrediction> passage_predictions(const Experiment& experiment, const landscapes::Landscape& landscape,
                                                   sde::NoiseStructure noise);

}  // namespace kramers::analysis
