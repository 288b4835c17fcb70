#pragma once

#include <array>
#include <string>
#include <vector>

#include "apps/figures/svg.hpp"

namespace kramers::apps {

/// One run of a sweep: cell probabilities (absolute mass), first axis slowest.
struct MapPanel {
  std::string label;                // "T = 0.1"
  std::vector<double> probability;  // sampled
  std::vector<double> error;        // its standard error, >= 0; 0 where nothing was sampled
  std::vector<double> prediction;   // empty: none
  std::string verdict;              // one sentence; empty: none
  analysis::Decision decision = analysis::Decision::not_enough_data;
};

/// Sampled against predicted densities of two coordinates, a row a run.
struct DensityMap {
  std::string title;
  std::array<std::string, 2> axis_labels;    // across, up
  std::array<std::vector<double>, 2> edges;  // rising; first axis across, second up
  std::vector<MapPanel> panels;              // at least one
};

/// Heat maps as one SVG file, side by side: sampled, predicted, and (sampled - predicted) / standard error from -5
/// (blue: too few) to 5 (orange: too many). The first two share a scale: density, from 0 to the largest. A cell with
/// error 0 has residual 0 and is left blank. Throws std::invalid_argument if lengths disagree or a number is not
/// finite.
std::string svg(const DensityMap& map, Theme theme = Theme::follow_reader);

}  // namespace kramers::apps
