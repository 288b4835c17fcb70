#pragma once

#include <string>
#include <vector>

namespace kramers::apps {

/// A density for the terminal: bin probabilities (absolute mass of each bin), one entry a bin.
struct TerminalDensity {
  std::vector<double> edges;        // of the bins, rising
  std::vector<double> probability;  // sampled
  std::vector<double> prediction;   // empty: none
  std::string axis_label;
};

struct TerminalStyle {
  int width = 72;      // characters, at least 24
  int height = 12;     // rows of the plot proper, at least 3
  bool ascii = false;  // no Unicode: '#' and '-'
};

/// The sampled density as filled columns, an eighth of a row fine, and the prediction as a thin mark over them, a third
/// of a row fine; axes and a legend. Lines end with a newline and carry no trailing spaces; no colour is used. A column
/// shows the mean density over its width, so nothing is lost where bins are finer; the ends of the range where neither
/// density reaches 1/200 of the largest are left out. Throws std::invalid_argument if lengths disagree.
std::string draw(const TerminalDensity& density, const TerminalStyle& style = {});

}  // namespace kramers::apps
