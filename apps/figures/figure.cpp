#include "apps/figures/figure.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kramers::apps {
namespace {

constexpr double margin = 18, tick_room = 52, title_room = 20, gap = 14, line_height = 15;

void check(const DensityFigure& figure, const FigureStyle& style) {
  const std::size_t bins = figure.edges.size() - 1;
  if (figure.edges.size() < 2 || figure.panels.empty())
    throw std::invalid_argument("a density figure needs at least one bin and one panel");
  for (std::size_t i = 0; i < bins; ++i)
    if (!(figure.edges[i] < figure.edges[i + 1]) || !std::isfinite(figure.edges[i + 1] - figure.edges[i]))
      throw std::invalid_argument("the bin edges of a density figure must be finite and rise");
  bool any_prediction = false;
  for (const Panel& panel : figure.panels) {
    any_prediction |= !panel.prediction.empty();
    for (const auto* values : {&panel.probability, &panel.error, &panel.prediction, &panel.integrator}) {
      const bool optional = values == &panel.prediction || values == &panel.integrator;
      if (values->size() != bins && !(optional && values->empty()))
        throw std::invalid_argument(fmt::format("panel \"{}\" of a density figure has {} values for {} bins",
                                                panel.label, values->size(), bins));
      if (!std::all_of(values->begin(), values->end(), [](double v) { return std::isfinite(v); }))
        throw std::invalid_argument(
            fmt::format("panel \"{}\" of a density figure has a value that is not finite", panel.label));
    }
  }
  if (style.figure == FigureStyle::Figure::residual && !any_prediction)
    throw std::invalid_argument("a residual figure needs a prediction, and no panel has one");
}

/// What a panel draws, as densities.
struct Curves {
  std::vector<double> sampled, low, high, predicted, integrator;  // the last two may be empty

  Curves(const std::vector<double>& edges, const Panel& panel) {
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
      const double width = edges[i + 1] - edges[i];
      sampled.push_back(panel.probability[i] / width);
      low.push_back((panel.probability[i] - 2 * panel.error[i]) / width);
      high.push_back((panel.probability[i] + 2 * panel.error[i]) / width);
      if (!panel.prediction.empty()) predicted.push_back(panel.prediction[i] / width);
      if (!panel.integrator.empty()) integrator.push_back(panel.integrator[i] / width);
    }
  }

  /// All of them minus the prediction.
  Curves minus_prediction() const {
    Curves rest = *this;
    for (auto* curve : {&rest.sampled, &rest.low, &rest.high, &rest.predicted, &rest.integrator})
      for (std::size_t i = 0; i < curve->size(); ++i) (*curve)[i] -= predicted[i];
    return rest;
  }

  double largest() const {
    double largest = 0;
    for (const auto* curve : {&low, &high, &predicted, &integrator})
      for (double value : *curve) largest = std::max(largest, std::abs(value));
    return largest > 0 ? largest : 1;
  }
};

void draw_curves(Svg& picture, const std::vector<double>& edges, const Curves& curves, const Scale& x, const Scale& y,
                 bool residual) {
  const std::string prefix = residual ? "residual " : "";
  const std::vector<double> zero(curves.sampled.size(), 0);
  if (!residual) picture.path(band_path(edges, zero, curves.sampled, x, y), "body");
  std::vector<double> low = curves.low;
  if (!residual)
    for (double& value : low) value = std::max(value, 0.0);
  picture.path(band_path(edges, low, curves.high, x, y), prefix + "band");
  picture.path(step_path(edges, curves.sampled, x, y), prefix + "sampled");
  // The prediction covers the integrator's law where they cannot be told apart; in the residual it is the zero line.
  const auto draw = [&](const std::vector<double>& curve, const char* name) {
    if (!curve.empty()) picture.path(step_path(edges, curve, x, y), prefix + name);
  };
  if (!residual) draw(curves.integrator, "integrator");
  draw(curves.predicted, "predicted");
  if (residual) draw(curves.integrator, "integrator");
}

void draw_tooltips(Svg& picture, const std::vector<double>& edges, const Panel& panel, const Scale& x, double top,
                   double bottom) {
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    std::string text = fmt::format("{:.4g} to {:.4g}: sampled {:.4g} ± {:.2g}", edges[i], edges[i + 1],
                                   panel.probability[i], panel.error[i]);
    if (!panel.prediction.empty()) text += fmt::format(", predicted {:.4g}", panel.prediction[i]);
    picture.rect(x(edges[i]), top, x(edges[i + 1]) - x(edges[i]), bottom - top, "bin", text);
  }
}

/// Entries left to right, broken into rows of at most `width`; returns the height used.
double draw_legend(Svg& picture, const DensityFigure& figure, double left, double top, double width) {
  struct Entry {
    std::string text;
    const char* kind;
  };
  std::vector<Entry> entries{{"sampled ± 2 standard errors", "sampled"}};
  const auto any = [&](auto member) {
    return std::any_of(figure.panels.begin(), figure.panels.end(),
                       [&](const Panel& p) { return !(p.*member).empty(); });
  };
  if (any(&Panel::prediction)) entries.push_back({"predicted (" + figure.law + ")", "predicted"});
  if (any(&Panel::integrator)) entries.push_back({"law of the integrator at this step size", "integrator"});

  picture.open("legend");
  double x = left, y = top + 12;
  for (const Entry& entry : entries) {
    const double entry_width = 34 + 13 * text_width(entry.text) + 14;
    if (x > left && x + entry_width > left + width) x = left, y += 19;
    if (std::string(entry.kind) == "sampled") {
      picture.rect(x, y - 4.5, 26, 7, "body");
      picture.rect(x, y - 7.5, 26, 6, "band");
    }
    picture.line(x, y - 4.5, x + 26, y - 4.5, entry.kind);
    picture.text(x + 34, y, "", entry.text);
    x += entry_width;
  }
  picture.close();
  return y + 8 - top;
}

}  // namespace

std::string svg(const DensityFigure& figure, const FigureStyle& style) {
  check(figure, style);
  const bool residual_only = style.figure == FigureStyle::Figure::residual;
  const bool any_prediction = std::any_of(figure.panels.begin(), figure.panels.end(),
                                          [](const Panel& panel) { return !panel.prediction.empty(); });

  // The sheet: panels side by side, in rows of three where there are many (four: two rows of two).
  const int count = int(figure.panels.size());
  const int columns = count <= 3 ? count : count == 4 ? 2 : 3;
  const double plot_width = columns == 1 ? 600 : columns == 2 ? 420 : 300;
  const double density_height = residual_only ? 0 : 230;
  const double residual_height = residual_only ? 280 : any_prediction ? 100 : 0;
  const double between = residual_only || !any_prediction ? 0 : gap;
  const double first_left = margin + title_room + tick_room, pitch = plot_width + tick_room + gap;
  const double width = first_left + columns * pitch - tick_room - gap + margin;

  Svg picture;
  double top = margin;
  for (const std::string& line : wrap(figure.title, (width - 2 * margin) / 17)) {
    picture.text(margin, top + 15, "title", line);
    top += 23;
  }
  top += draw_legend(picture, figure, margin, top, width - 2 * margin);

  for (int row = 0; row * columns < count; ++row) {
    const int begin = row * columns, end = std::min(count, begin + columns);
    std::vector<std::vector<std::string>> labels, verdicts;
    std::size_t label_lines = 0, verdict_lines = 0;
    for (int i = begin; i < end; ++i) {
      labels.push_back(wrap(figure.panels[i].label, plot_width / 14));
      verdicts.push_back(wrap(figure.panels[i].verdict, (plot_width - 15) / 12));
      label_lines = std::max(label_lines, labels.back().size());
      verdict_lines = std::max(verdict_lines, verdicts.back().size());
    }
    const double verdict_top = top + 20 + label_lines * 17, density_top = verdict_top + verdict_lines * line_height;
    const double residual_top = density_top + density_height + between;
    const double bottom = residual_top + residual_height;
    if (!residual_only) picture.vertical_text(margin + 11, density_top + density_height / 2, "muted", "density");
    if (residual_height > 0)
      picture.vertical_text(margin + 11, residual_top + residual_height / 2, "muted",
                            residual_only ? "sampled density \u2212 predicted density" : "residual");

    for (int i = begin; i < end; ++i) {
      const Panel& panel = figure.panels[i];
      const Curves curves(figure.edges, panel);
      const double left = first_left + (i - begin) * pitch, right = left + plot_width;
      const Scale x{figure.edges.front(), figure.edges.back(), left, right};
      picture.open("panel");
      for (std::size_t line = 0; line < labels[i - begin].size(); ++line)
        picture.text(left, top + 20 + line * 17, "label", labels[i - begin][line]);
      draw_verdict(picture, left, verdict_top, panel.decision, verdicts[i - begin]);
      if (!residual_only) {
        const Scale y{0, 1.06 * curves.largest(), density_top + density_height, density_top};
        draw_y_axis(picture, y, left, right, 6);
        draw_curves(picture, figure.edges, curves, x, y, false);
        draw_x_axis(picture, x, density_top + density_height, residual_height == 0, int(plot_width / 40));
      }
      if (residual_height > 0 && panel.prediction.empty()) {
        picture.text((left + right) / 2, (residual_top + bottom) / 2, "muted", "no prediction", "middle");
        draw_x_axis(picture, x, bottom, true, int(plot_width / 40));
      } else if (residual_height > 0) {
        const Curves rest = curves.minus_prediction();
        const double reach = 1.08 * rest.largest();
        const Scale y{-reach, reach, bottom, residual_top};
        draw_y_axis(picture, y, left, right, residual_only ? 9 : 5);
        draw_curves(picture, figure.edges, rest, x, y, true);
        draw_x_axis(picture, x, bottom, true, int(plot_width / 40));
      }
      picture.text((left + right) / 2, bottom + 35, "muted", figure.axis_label, "middle");
      draw_tooltips(picture, figure.edges, panel, x, density_top, bottom);
      picture.close();
    }
    top = bottom + 42;
  }
  return picture.document(width, top + margin / 2, figure.title, style.theme);
}

}  // namespace kramers::apps
