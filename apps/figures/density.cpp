#include "apps/figures/recorded_density.hpp"

namespace kramers::apps {

Figure density_figure() {
  return {"density", no_density, [](const analysis::Results& results, const FigureOptions& options) {
            return draw_density(results, options, FigureStyle::Figure::density);
          }};
}

}  // namespace kramers::apps
