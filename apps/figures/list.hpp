#pragma once

#include <string>
#include <vector>

#include "analysis/results/results_file.hpp"
#include "apps/figures/svg.hpp"

namespace kramers::apps {

struct FigureOptions {
  std::vector<int> runs;  // of a sweep
  int density = 0;        // of the [record] list
  Theme theme = Theme::follow_reader;
};

/// What `plot` draws: a file of its name in this folder, and a line in list.cpp.
struct Figure {
  const char* name;
  std::string (*obstacle)(const analysis::Results&, const FigureOptions&);  // why it cannot be drawn; "": it can
  std::string (*svg)(const analysis::Results&, const FigureOptions&);
};

/// The first is the default.
std::vector<Figure> figures();

}  // namespace kramers::apps
