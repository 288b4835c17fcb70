#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/verdict/decision.hpp"
#include "apps/figures/axis.hpp"

namespace kramers::apps {

/// How every picture begins, and none of others.
inline constexpr std::string_view svg_head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"kramers\" ";

/// Colours of a picture: those that the reader's system asks for, or fixed.
enum class Theme { follow_reader, light, dark };

/// `text` with the five characters that XML reserves written out, and without those that it forbids.
std::string escape(std::string_view text);

/// Estimated width of sans-serif text in units of its size, rather too wide than too narrow.
double text_width(std::string_view text);

/// Broken at spaces into lines no wider than `width` units of its size.
std::vector<std::string> wrap(std::string_view text, double width);

/// A picture in the making: elements in painting order, coordinates in px from the upper left corner.
class Svg {
 public:
  /// `text` is escaped; `classes` and `anchor` are ours.
  void text(double x, double y, std::string_view classes, std::string_view text, std::string_view anchor = "start");
  void vertical_text(double x, double y, std::string_view classes, std::string_view text);  // centred, upwards
  void line(double x1, double y1, double x2, double y2, std::string_view classes);
  void rect(double x, double y, double width, double height, std::string_view classes, std::string_view tooltip = {});
  void path(std::string_view d, std::string_view classes);
  void open(std::string_view classes) { body_ += fmt::format("<g class=\"{}\">\n", classes); }
  void close() { body_ += "</g>\n"; }

  /// The document. `light` and `dark` are CSS rules beyond those that every picture shares.
  std::string document(double width, double height, std::string_view title, Theme theme, std::string_view light = {},
                       std::string_view dark = {}) const;

 private:
  std::string body_;
};

/// The outline of a step function: value[i] between edges[i] and edges[i + 1].
std::string step_path(std::span<const double> edges, std::span<const double> values, const Scale& x, const Scale& y);

/// The region between two step functions.
std::string band_path(std::span<const double> edges, std::span<const double> low, std::span<const double> high,
                      const Scale& x, const Scale& y);

/// Axis along the lower edge (scale x, at height y of the paper), with labels or only tick marks.
void draw_x_axis(Svg& picture, const Scale& x, double y, bool labels, int most_ticks);

/// Axis along the left edge (at x of the paper), grid lines across to `right`.
void draw_y_axis(Svg& picture, const Scale& y, double x, double right, int most_ticks);

/// Axes of a map: a frame with ticks below and at the left, labels at the left only where wanted.
void draw_frame(Svg& picture, const Scale& x, const Scale& y, bool y_labels);

/// Labels of a colour bar's scale, to the right of x.
void draw_scale_labels(Svg& picture, const Scale& y, double x);

/// A line of the verdict at a panel's head, with a mark that says without colour whether it agrees, disagrees or
/// neither.
void draw_verdict(Svg& picture, double x, double y, analysis::Decision decision, std::span<const std::string> lines);

}  // namespace kramers::apps
