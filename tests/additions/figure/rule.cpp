#include "apps/figures/list.hpp"

namespace kramers::apps {

/// A line from the lowest to the highest edge of the first density.
Figure rule_figure() {
  return {"rule", [](const analysis::Results&, const FigureOptions&) -> std::string { return ""; },
          [](const analysis::Results&, const FigureOptions& options) {
            Svg picture;
            picture.line(10, 10, 90, 10, "axis");
            return picture.document(100, 20, "a rule", options.theme);
          }};
}

}  // namespace kramers::apps
