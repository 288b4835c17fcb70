#include "apps/figures/density_map.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kramers::apps {
namespace {

constexpr double margin = 18, tick_room = 46, title_room = 20, gap = 40, side = 260, bar_width = 12, bar_room = 62;
constexpr int levels = 32;            // shades of a density
constexpr int residual_levels = 20;   // shades of a residual, half of them either side
constexpr double residual_reach = 5;  // standard errors

void check(const DensityMap& map) {
  if (map.edges[0].size() < 2 || map.edges[1].size() < 2 || map.panels.empty())
    throw std::invalid_argument("a density map needs at least one cell and one panel");
  for (const auto& edges : map.edges)
    for (std::size_t i = 0; i + 1 < edges.size(); ++i)
      if (!(edges[i] < edges[i + 1]) || !std::isfinite(edges[i + 1] - edges[i]))
        throw std::invalid_argument("the bin edges of a density map must be finite and rise");
  const std::size_t cells = (map.edges[0].size() - 1) * (map.edges[1].size() - 1);
  for (const MapPanel& panel : map.panels)
    for (const auto* values : {&panel.probability, &panel.error, &panel.prediction}) {
      if (values->size() != cells && !(values == &panel.prediction && values->empty()))
        throw std::invalid_argument(fmt::format("panel \"{}\" of a density map has {} values for {} cells", panel.label,
                                                values->size(), cells));
      if (!std::all_of(values->begin(), values->end(), [](double v) { return std::isfinite(v); }))
        throw std::invalid_argument(
            fmt::format("panel \"{}\" of a density map has a value that is not finite", panel.label));
    }
}

struct Colour {
  double red, green, blue;
};

std::string mixed(Colour a, Colour b, double share) {
  const auto channel = [&](double from, double to) { return int(std::lround(from + share * (to - from))); };
  return fmt::format("#{:02x}{:02x}{:02x}", channel(a.red, b.red), channel(a.green, b.green), channel(a.blue, b.blue));
}

/// Densities (classes d0, d1, ...) go from paper over blue to `deep`; residuals (r0, r1, ...) from blue over paper to
/// orange.
std::string shades(Colour paper, Colour blue, Colour deep, Colour orange) {
  std::string css;
  for (int i = 0; i < levels; ++i) {
    const double s = double(i) / (levels - 1);
    css +=
        fmt::format(".d{}{{fill:{}}}", i, s < 0.6 ? mixed(paper, blue, s / 0.6) : mixed(blue, deep, (s - 0.6) / 0.4));
  }
  for (int i = 0; i < residual_levels; ++i) {
    const double s = (2 * i + 1.0) / residual_levels - 1;
    css += fmt::format(".r{}{{fill:{}}}", i, mixed(paper, s < 0 ? blue : orange, std::abs(s)));
  }
  return css;
}

/// One path a shade: cells that neighbour each other across and share it are one rectangle.
void draw_cells(Svg& picture, const DensityMap& map, const std::vector<int>& shade, int shade_count, char kind,
                const Scale& x, const Scale& y) {
  const int columns = int(map.edges[0].size()) - 1, rows = int(map.edges[1].size()) - 1;
  std::vector<std::string> paths(shade_count);
  for (int j = 0; j < rows; ++j)
    for (int i = 0, end; i < columns; i = end) {
      const int level = shade[i * rows + j];
      for (end = i + 1; end < columns && shade[end * rows + j] == level;) ++end;
      if (level >= 0)
        paths[level] += fmt::format("M{:.2f} {:.2f}H{:.2f}V{:.2f}H{:.2f}Z", x(map.edges[0][i]), y(map.edges[1][j]),
                                    x(map.edges[0][end]), y(map.edges[1][j + 1]), x(map.edges[0][i]));
    }
  for (int level = 0; level < shade_count; ++level)
    if (!paths[level].empty()) picture.path(paths[level], fmt::format("cells {}{}", kind, level));
}

void draw_bar(Svg& picture, double x, double top, double low, double high, int shade_count, char kind) {
  const Scale y{low, high, top + side, top};
  for (int i = 0; i < shade_count; ++i) {
    const double height = side / shade_count;
    picture.rect(x, top + side - (i + 1) * height, bar_width, height + 0.3, fmt::format("cells {}{}", kind, i));
  }
  draw_scale_labels(picture, y, x + bar_width);
}

}  // namespace

std::string svg(const DensityMap& map, Theme theme) {
  check(map);
  const bool predicts = std::any_of(map.panels.begin(), map.panels.end(),
                                    [](const MapPanel& panel) { return !panel.prediction.empty(); });
  const int columns = int(map.edges[0].size()) - 1, rows = int(map.edges[1].size()) - 1;
  const double left = margin + title_room + tick_room;
  const double bar = left + side + (predicts ? gap + side : 0) + 10;
  const double residual_left = bar + bar_room;
  const double width = predicts ? residual_left + side + 10 + bar_room : bar + bar_room;

  Svg picture;
  double top = margin;
  for (const std::string& line : wrap(map.title, (width - 2 * margin) / 17)) {
    picture.text(margin, top + 15, "title", line);
    top += 23;
  }
  for (const MapPanel& panel : map.panels) {
    picture.open("panel");
    picture.text(left, top + 20, "label", panel.label);
    const auto verdict = wrap(panel.verdict, (width - left - margin - 15) / 12);
    draw_verdict(picture, left, top + 37, panel.decision, verdict);
    const double plot_top = top + 30 + 15.0 * verdict.size() + 22, bottom = plot_top + side;

    // Densities and residuals as shades. The largest of sampled and predicted is the top of their common scale.
    const std::size_t cells = panel.probability.size();
    std::vector<double> area(cells);
    double largest = 0;
    for (int i = 0; i < columns; ++i)
      for (int j = 0; j < rows; ++j) {
        const int cell = i * rows + j;
        area[cell] = (map.edges[0][i + 1] - map.edges[0][i]) * (map.edges[1][j + 1] - map.edges[1][j]);
        largest = std::max(largest, panel.probability[cell] / area[cell]);
        if (!panel.prediction.empty()) largest = std::max(largest, panel.prediction[cell] / area[cell]);
      }
    if (!(largest > 0)) largest = 1;
    const auto density_shades = [&](const std::vector<double>& mass) {
      std::vector<int> shade(cells);
      for (std::size_t c = 0; c < cells; ++c)
        shade[c] = std::clamp(int(mass[c] / area[c] / largest * levels), 0, levels - 1);
      return shade;
    };

    const Scale y{map.edges[1].front(), map.edges[1].back(), bottom, plot_top};
    const auto draw_map = [&](double from, const char* name, const std::vector<int>& shade, int count, char kind) {
      const Scale x{map.edges[0].front(), map.edges[0].back(), from, from + side};
      picture.text(from + side / 2, plot_top - 7, "muted", name, "middle");
      draw_cells(picture, map, shade, count, kind, x, y);
      draw_frame(picture, x, y, from == left);
      picture.text(from + side / 2, bottom + 35, "muted", map.axis_labels[0], "middle");
    };
    draw_map(left, "sampled", density_shades(panel.probability), levels, 'd');
    picture.vertical_text(margin + 11, plot_top + side / 2, "muted", map.axis_labels[1]);
    draw_bar(picture, bar, plot_top, 0, largest, levels, 'd');
    if (!panel.prediction.empty()) {
      draw_map(left + side + gap, "predicted", density_shades(panel.prediction), levels, 'd');
      std::vector<int> shade(cells, -1);
      for (std::size_t c = 0; c < cells; ++c) {
        if (!(panel.error[c] > 0)) continue;
        const double residual = (panel.probability[c] - panel.prediction[c]) / panel.error[c];
        const double share = (residual / residual_reach + 1) / 2;
        shade[c] = int(std::clamp(share, 0.0, 1.0 - 1e-9) * residual_levels);
      }
      draw_map(residual_left, "(sampled \u2212 predicted) / standard error", shade, residual_levels, 'r');
      draw_bar(picture, residual_left + side + 10, plot_top, -residual_reach, residual_reach, residual_levels, 'r');
    }
    picture.close();
    top = bottom + 42;
  }
  return picture.document(width, top + margin / 2, map.title, theme,
                          shades({255, 255, 255}, {0, 114, 178}, {3, 30, 60}, {213, 94, 0}),
                          shades({13, 17, 23}, {30, 120, 190}, {225, 243, 255}, {255, 158, 61}));
}

}  // namespace kramers::apps
