#pragma once

#include <vector>

#include "analysis/prediction/prediction.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/statistics.hpp"

namespace kramers::analysis {

/// Of which run a law speaks.
struct LawInput {
  const landscapes::Landscape& landscape;
  double temperature;  // effective: that of the stationary law [loss]
  const std::vector<sde::DensityGrid>& grids;
};

/// A stationary law, or a part of one, that samples are held against.
struct Law {
  const char* name;     // "boltzmann-gibbs": in compare.prediction, with _ for - in JSON and results files
  const char* title;    // in figures: "predicted (TITLE)"
  const char* heading;  // of its column in the table: what it gives the widest basin
  const char* summary;  // "the same by SUMMARY"
  const char* source;
  bool is_whole;  // a law of theta, that compare.prediction can ask for; else it only stands beside those
  /// None, with the reason, where it says nothing of such a run.
  Answer<Prediction> (*predict)(const LawInput&);
};

}  // namespace kramers::analysis
