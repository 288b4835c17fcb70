#include "apps/figures/svg.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::apps {
namespace {

using analysis::Decision;

struct Palette {
  const char *paper, *ink, *muted, *grid, *axis, *blue, *orange;
  double fill, band;  // opacities of the blue under the curve and of the error band
};
constexpr Palette light_palette{"#ffffff", "#1f2328", "#57606a", "#e6e9ed", "#8c959f", "#0072b2", "#d55e00", 0.16, 0.4};
constexpr Palette dark_palette{"#0d1117", "#e6edf3", "#9aa4af", "#232a33", "#6e7681", "#56b4e9", "#ff9e3d", 0.2, 0.45};

// Blue and orange (Okabe and Ito's) are told apart by every common kind of colour vision. Colours are written out rule
// by rule, for many programs that read SVG know no CSS variables.
std::string colours(const Palette& c) {
  std::string css;
  css += fmt::format(".paper{{fill:{}}}text{{fill:{}}}.muted,.tick{{fill:{}}}", c.paper, c.ink, c.muted);
  css += fmt::format(".grid{{stroke:{}}}.axis{{stroke:{}}}", c.grid, c.axis);
  css += fmt::format(".body{{fill:{0};fill-opacity:{1}}}.band{{fill:{0};fill-opacity:{2}}}", c.blue, c.fill, c.band);
  css +=
      fmt::format(".sampled{{stroke:{0}}}.predicted{{stroke:{1}}}.integrator{{stroke:{2}}}", c.blue, c.orange, c.ink);
  css += fmt::format(".agrees{{fill:{}}}.disagrees{{fill:{}}}", c.blue, c.orange);
  return css;
}

constexpr const char* shapes =
    "text{font:13px system-ui,'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif}"
    ".title{font-size:17px;font-weight:600}.label{font-size:14px;font-weight:600}.tick,.verdict{font-size:12px}"
    ".grid,.axis{stroke-width:1}.sampled,.predicted,.integrator{fill:none;stroke-linejoin:round}"
    ".sampled{stroke-width:1}.predicted{stroke-width:1.6}.integrator{stroke-width:1.4;stroke-dasharray:5 3}"
    ".frame{fill:none}.bin{fill:none;pointer-events:all}.cells{shape-rendering:crispEdges}";

/// With a true minus sign.
std::string typeset(std::string number) {
  if (number.starts_with('-')) number.replace(0, 1, "\u2212");
  return number;
}

std::string power_of_ten(int exponent) {
  static const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = "×10";
  for (char c : std::to_string(exponent)) text += c == '-' ? "⁻" : digits[c - '0'];
  return text;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (char c : text) switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20)
          out += c;
        else if (c == '\n' || c == '\t')
          out += ' ';
    }
  return out;
}

double text_width(std::string_view text) {
  double width = 0;
  for (char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;  // within a character of several bytes
    if (std::string_view("mwMW@%").find(c) != std::string_view::npos)
      width += 0.95;
    else if (std::string_view("il.,:;|!'()[] ").find(c) != std::string_view::npos)
      width += 0.36;
    else
      width += 0.62;
  }
  return width;
}

std::vector<std::string> wrap(std::string_view text, double width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
    if (lines.empty() || text_width(lines.back() + " " + word) > width)
      lines.push_back(word);
    else
      lines.back() += " " + word;
  }
  return lines;
}

void Svg::text(double x, double y, std::string_view classes, std::string_view text, std::string_view anchor) {
  body_ += fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", x, y, classes,
                       anchor, escape(text));
}

void Svg::vertical_text(double x, double y, std::string_view classes, std::string_view text) {
  body_ += fmt::format(
      "<text transform=\"translate({:.2f} {:.2f}) rotate(-90)\" class=\"{}\" text-anchor=\"middle\">{}</text>\n", x, y,
      classes, escape(text));
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view classes) {
  body_ += fmt::format("<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" class=\"{}\"/>\n", x1, y1, x2, y2,
                       classes);
}

void Svg::rect(double x, double y, double width, double height, std::string_view classes, std::string_view tooltip) {
  body_ += fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" class=\"{}\"", x, y, width,
                       height, classes);
  body_ += tooltip.empty() ? "/>\n" : fmt::format("><title>{}</title></rect>\n", escape(tooltip));
}

void Svg::path(std::string_view d, std::string_view classes) {
  body_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", d, classes);
}

std::string Svg::document(double width, double height, std::string_view title, Theme theme, std::string_view light,
                          std::string_view dark) const {
  const std::string light_rules = colours(light_palette) + std::string(light);
  const std::string dark_rules = colours(dark_palette) + std::string(dark);
  std::string style = shapes;
  style += theme == Theme::dark ? dark_rules : light_rules;
  if (theme == Theme::follow_reader) style += "@media(prefers-color-scheme:dark){" + dark_rules + "}";
  return std::string(svg_head) + fmt::format(
                                     "width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
                                     "role=\"img\">\n<title>{2}</title>\n<style>{3}</style>\n"
                                     "<rect width=\"100%\" height=\"100%\" class=\"paper\"/>\n{4}</svg>\n",
                                     std::ceil(width), std::ceil(height), escape(title), style, body_);
}

std::string step_path(std::span<const double> edges, std::span<const double> values, const Scale& x, const Scale& y) {
  std::string d = fmt::format("M{:.2f} {:.2f}", x(edges[0]), y(values[0]));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) d += fmt::format("V{:.2f}", y(values[i]));
    d += fmt::format("H{:.2f}", x(edges[i + 1]));
  }
  return d;
}

std::string band_path(std::span<const double> edges, std::span<const double> low, std::span<const double> high,
                      const Scale& x, const Scale& y) {
  std::string d = step_path(edges, high, x, y);
  for (std::size_t i = low.size(); i-- > 0;) d += fmt::format("V{:.2f}H{:.2f}", y(low[i]), x(edges[i]));
  return d + "Z";
}

void draw_x_axis(Svg& picture, const Scale& x, double y, bool labels, int most_ticks) {
  // Fewer ticks where their labels would touch.
  Ticks marks = ticks(x.low, x.high, most_ticks);
  const auto crowded = [&] {
    double widest = 0;
    for (const std::string& label : marks.labels) widest = std::max(widest, 12 * text_width(label));
    return marks.at.size() > 1 && x(marks.at[1]) - x(marks.at[0]) < widest + 6;
  };
  while (most_ticks > 2 && crowded()) marks = ticks(x.low, x.high, --most_ticks);
  picture.line(x.from, y, x.to, y, "axis");
  for (std::size_t i = 0; i < marks.at.size(); ++i) {
    picture.line(x(marks.at[i]), y, x(marks.at[i]), y + 4, "axis");
    if (labels) picture.text(x(marks.at[i]), y + 17, "tick x", typeset(marks.labels[i]), "middle");
  }
  if (labels && marks.exponent != 0) picture.text(x.to, y + 33, "tick", power_of_ten(marks.exponent), "end");
}

void draw_y_axis(Svg& picture, const Scale& y, double x, double right, int most_ticks) {
  const Ticks marks = ticks(y.low, y.high, most_ticks);
  for (std::size_t i = 0; i < marks.at.size(); ++i) {
    picture.line(x, y(marks.at[i]), right, y(marks.at[i]), "grid");
    picture.text(x - 7, y(marks.at[i]) + 4, "tick y", typeset(marks.labels[i]), "end");
  }
  if (marks.exponent != 0) picture.text(x + 4, std::min(y.from, y.to) + 11, "tick", power_of_ten(marks.exponent));
}

void draw_frame(Svg& picture, const Scale& x, const Scale& y, bool y_labels) {
  picture.rect(x.from, y.to, x.to - x.from, y.from - y.to, "frame axis");
  draw_x_axis(picture, x, y.from, true, 6);
  const Ticks marks = ticks(y.low, y.high, 6);
  for (std::size_t i = 0; i < marks.at.size(); ++i) {
    picture.line(x.from - 4, y(marks.at[i]), x.from, y(marks.at[i]), "axis");
    if (y_labels) picture.text(x.from - 8, y(marks.at[i]) + 4, "tick y", typeset(marks.labels[i]), "end");
  }
  if (y_labels && marks.exponent != 0) picture.text(x.from - 8, y.to - 7, "tick", power_of_ten(marks.exponent), "end");
}

void draw_scale_labels(Svg& picture, const Scale& y, double x) {
  const Ticks marks = ticks(y.low, y.high, 6);
  for (std::size_t i = 0; i < marks.at.size(); ++i)
    picture.text(x + 5, y(marks.at[i]) + 4, "tick scale", typeset(marks.labels[i]));
  if (marks.exponent != 0) picture.text(x, y.to - 9, "tick", power_of_ten(marks.exponent), "middle");
}

void draw_verdict(Svg& picture, double x, double y, Decision decision, std::span<const std::string> lines) {
  const auto [classes, mark] = decision == Decision::agrees      ? std::pair("verdict agrees", "✓")
                               : decision == Decision::disagrees ? std::pair("verdict disagrees", "✗")
                                                                 : std::pair("verdict muted", "?");
  if (!lines.empty()) picture.text(x, y, classes, mark);
  for (const std::string& line : lines) {
    picture.text(x + 15, y, classes, line);
    y += 15;
  }
}

}  // namespace kramers::apps
