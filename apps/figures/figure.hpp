#pragma once

#include <string>
#include <vector>

#include "apps/figures/svg.hpp"

namespace kramers::apps {

/// One run of a sweep: bin probabilities (absolute mass of each bin, not density), one entry a bin.
struct Panel {
  std::string label;                // "T = 0.1"
  std::vector<double> probability;  // sampled
  std::vector<double> error;        // its standard error, >= 0
  std::vector<double> prediction;   // empty: none
  std::vector<double> integrator;   // the exact law of the integrator at this step size; empty: unknown
  std::string verdict;              // one sentence; empty: none
  analysis::Decision decision = analysis::Decision::not_enough_data;
};

/// Sampled against predicted densities of one coordinate, a panel a run.
struct DensityFigure {
  std::string title;
  std::string axis_label;     // "theta"
  std::string law = "";       // that predicts: "Boltzmann-Gibbs"
  std::vector<double> edges;  // of the bins, rising, one more than bins
  std::vector<Panel> panels;  // at least one
};

struct FigureStyle {
  enum class Figure { density, residual } figure = Figure::density;  // residual: it alone, enlarged
  Theme theme = Theme::follow_reader;
};

/// The figure as one SVG file. Density is bin probability / bin width, drawn as steps: the sampled one with a band of
/// two standard errors either side, the prediction as a line; below it sampled - predicted with the same band. Hovering
/// over a bin shows its numbers. Throws std::invalid_argument if lengths disagree, a number is not finite, or a
/// residual is asked for where no panel has a prediction.
std::string svg(const DensityFigure& figure, const FigureStyle& style = {});

}  // namespace kramers::apps
