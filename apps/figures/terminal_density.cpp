#include "apps/figures/terminal_density.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "apps/figures/axis.hpp"

namespace kramers::apps {
namespace {

/// Mean density in each of `columns` equal parts of the range: the bins' mass is spread evenly within a bin.
std::vector<double> resample(const std::vector<double>& edges, const std::vector<double>& mass, int columns) {
  std::vector<double> density(columns, 0.0);
  const double low = edges.front(), width = (edges.back() - low) / columns;
  for (std::size_t bin = 0; bin < mass.size(); ++bin) {
    const double height = mass[bin] / (edges[bin + 1] - edges[bin]);
    const int first = std::clamp(int((edges[bin] - low) / width), 0, columns - 1);
    const int last = std::clamp(int((edges[bin + 1] - low) / width), 0, columns - 1);
    for (int c = first; c <= last; ++c) {
      const double overlap = std::min(edges[bin + 1], low + (c + 1) * width) - std::max(edges[bin], low + c * width);
      density[c] += height * std::max(0.0, overlap) / width;
    }
  }
  return density;
}

/// The bins [first, last) between which there is something to see: all where the density exceeds 1/200 of its largest
/// value, sampled or predicted, and a margin.
std::pair<int, int> visible_bins(const TerminalDensity& density) {
  const int bins = int(density.probability.size());
  std::vector<double> height(bins);
  for (int i = 0; i < bins; ++i)
    height[i] = std::max(density.probability[i], density.prediction.empty() ? 0.0 : density.prediction[i]) /
                (density.edges[i + 1] - density.edges[i]);
  const double least = *std::max_element(height.begin(), height.end()) / 200;
  const auto seen = [&](double value) { return value > least; };
  const int first = int(std::find_if(height.begin(), height.end(), seen) - height.begin());
  const int last = int(height.rend() - std::find_if(height.rbegin(), height.rend(), seen));
  if (first >= last) return {0, bins};
  const int room = (last - first) / 25;
  return {std::max(0, first - room), std::min(bins, last + room)};
}

/// What stands at `row` (0 the lowest) of a column of `sampled` rows under a prediction of `predicted` rows.
const char* glyph(double sampled, double predicted, int row, bool ascii) {
  static const char* eighths[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static const char* thirds[] = {"_", "─", "¯"};
  const int mark = int(std::lround(3 * predicted)) - 1;  // in thirds of a row from the bottom; below 0: none
  if (mark >= 0 && mark / 3 == row) return ascii ? "-" : thirds[mark % 3];
  if (ascii) return std::lround(sampled) > row ? "#" : " ";
  return eighths[std::clamp(int(std::lround(8 * (sampled - row))), 0, 8)];
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string draw(const TerminalDensity& density, const TerminalStyle& style) {
  const std::size_t bins = density.probability.size();
  if (bins == 0 || density.edges.size() != bins + 1 ||
      (!density.prediction.empty() && density.prediction.size() != bins))
    throw std::invalid_argument(fmt::format("a density of {} bins cannot have {} edges and {} predictions", bins,
                                            density.edges.size(), density.prediction.size()));
  constexpr int gutter = 8;
  const bool ascii = style.ascii, predicts = !density.prediction.empty();
  const int height = std::max(3, style.height), columns = std::max(24, style.width) - gutter;
  const auto [first, last] = visible_bins(density);
  const std::vector<double> edges(density.edges.begin() + first, density.edges.begin() + last + 1);
  const auto on_columns = [&, first = first, last = last](const std::vector<double>& mass) {
    if (mass.empty()) return std::vector<double>(columns, 0.0);
    return resample(edges, {mass.begin() + first, mass.begin() + last}, columns);
  };
  const std::vector<double> sampled = on_columns(density.probability), predicted = on_columns(density.prediction);
  double top = std::max(*std::max_element(sampled.begin(), sampled.end()),
                        *std::max_element(predicted.begin(), predicted.end()));
  if (!(top > 0)) top = 1;

  std::string text = fmt::format("{:{}}{} sampled", "", gutter, ascii ? "#" : "█");
  if (predicts) text += ascii ? "   - predicted" : "   ─ predicted";
  text += "   (density)\n";

  // From the top row down, each row with its tick where a round number falls into it.
  const Scale y{0, top, 0, double(height)};
  const Ticks y_ticks = ticks(0, top, std::max(2, height / 2));
  if (y_ticks.exponent != 0) text += fmt::format("{:>{}}\n", fmt::format("x 1e{}", y_ticks.exponent), gutter);
  for (int row = height - 1; row >= 0; --row) {
    std::string label;
    for (std::size_t i = 1; i < y_ticks.at.size(); ++i)
      if (std::clamp(int(std::ceil(y(y_ticks.at[i]) - 1e-9)) - 1, 0, height - 1) == row) label = y_ticks.labels[i];
    std::string line = fmt::format("{:>{}} {}", label, gutter - 2, ascii ? "|" : label.empty() ? "│" : "┤");
    for (int c = 0; c < columns; ++c) line += glyph(y(sampled[c]), y(predicted[c]), row, ascii);
    text += trimmed(line);
  }

  // The axis below, its ticks and their labels.
  const Scale x{edges.front(), edges.back(), 0, double(columns)};
  const Ticks x_ticks = ticks(x.low, x.high, std::max(2, columns / 9));
  std::vector<const char*> rule(columns, ascii ? "-" : "─");
  std::string labels(gutter + columns, ' ');
  for (std::size_t i = 0; i < x_ticks.at.size(); ++i) {
    const int at = std::clamp(int(x(x_ticks.at[i])), 0, columns - 1);
    rule[at] = ascii ? "+" : "┬";
    const std::string& label = x_ticks.labels[i];
    const int begin =
        std::min(gutter + at - int(label.size() - 1) / 2 - (label[0] == '-'), gutter + columns - int(label.size()));
    labels.replace(std::max(0, begin), label.size(), label);
  }
  std::string line = fmt::format("{:>{}} {}", "0", gutter - 2, ascii ? "+" : "└");
  for (const char* piece : rule) line += piece;
  text += trimmed(line) + trimmed(labels);
  std::string caption = density.axis_label;
  if (x_ticks.exponent != 0) caption += fmt::format(" x 1e{}", x_ticks.exponent);
  if (!caption.empty())
    text += fmt::format("{:{}}{}\n", "", gutter + std::max(0, (columns - int(caption.size())) / 2), caption);
  return text;
}

}  // namespace kramers::apps
