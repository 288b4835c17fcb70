#include "apps/figures/recorded_density.hpp"

namespace kramers::apps {

Figure residual_figure() {
  return {"residual", no_density, [](const analysis::Results& results, const FigureOptions& options) {
            return draw_density(results, options, FigureStyle::Figure::residual);
          }};
}

}  // namespace kramers::apps
