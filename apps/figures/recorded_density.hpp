#pragma once

#include <string>

#include "analysis/results/results_file.hpp"
#include "apps/figures/figure.hpp"
#include "apps/figures/list.hpp"

namespace kramers::apps {

/// Why there is nothing to draw.
std::string no_density(const analysis::Results& results, const FigureOptions& options);

/// One of the recorded densities: curves over one axis, maps over two, which show all at once.
std::string draw_density(const analysis::Results& results, const FigureOptions& options, FigureStyle::Figure figure);

}  // namespace kramers::apps
