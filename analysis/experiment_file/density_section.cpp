#include "analysis/experiment_file/density_section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/experiment_file/default_range.hpp"

namespace kramers::analysis {
namespace {

constexpr int most_bins = 100'000;  // all axes together; counts are kept per replicate and start group

/// One entry of `record.density`; bins default to 200 on one axis and 100 x 100 on two.
std::optional<sde::DensityGrid> read_density(Section section, const landscapes::Landscape* landscape) {
  sde::DensityGrid grid;
  const int dim = landscape ? landscape->dim() : 1 << 30;
  const std::string axes_allowed =
      landscape ? fmt::format("one or two different axes from 0 to {}", dim - 1) : "one or two different axes";
  const auto axes = section.numbers("axes");
  if (!section.has("axes")) grid.axes = {0};
  if (axes) {
    const bool whole =
        std::all_of(axes->begin(), axes->end(), [&](double a) { return a >= 0 && a < dim && a == std::floor(a); });
    if (axes->empty() || axes->size() > 2 || !whole || (axes->size() == 2 && (*axes)[0] == (*axes)[1]))
      section.refuse("axes", axes_allowed);
    else
      grid.axes.assign(axes->begin(), axes->end());
  }
  const int axis_count = int(grid.axes.size());
  grid.bins.assign(axis_count, axis_count == 2 ? 100 : 200);
  if (const Node* bins = section.find("bins")) {
    auto counts = numbers_in(*bins);
    if (const auto one = number_in(*bins)) counts = std::vector<double>(std::max(axis_count, 1), *one);
    double product = 1;
    bool whole = counts.has_value();
    for (double count : counts.value_or(std::vector<double>{})) {
      whole = whole && count >= 1 && count == std::floor(count);
      product *= count;
    }
    if (!whole || product > most_bins || (axis_count > 0 && int(counts->size()) != axis_count))
      section.refuse("bins",
                     fmt::format("a whole number >= 1, or a list of one an axis; at most {} in all", most_bins));
    else
      grid.bins.assign(counts->begin(), counts->end());
  }
  if (const Node* range = section.find("range")) {
    const auto* rows = range->as<Node::List>();
    bool good = rows && (axis_count == 0 || int(rows->size()) == axis_count);
    for (std::size_t i = 0; good && i < rows->size(); ++i) {
      const auto ends = numbers_in((*rows)[i]);
      good = ends && ends->size() == 2 && (*ends)[0] < (*ends)[1];
      if (good) grid.range.push_back({(*ends)[0], (*ends)[1]});
    }
    if (!good) section.refuse("range", "[low, high] with low < high for each axis, such as [[-3.0, 3.0]]");
    if (!good) return {};
    for (int axis = 0; axis < axis_count; ++axis) {
      if (tells_bins_apart(grid.range[axis], grid.bins[axis], Precision::double_precision)) continue;
      section.refuse("range",
                     fmt::format("so wide that double precision tells the edges of {} bins apart, and narrower "
                                 "than its largest number",
                                 grid.bins[axis]));
      return {};
    }
  }
  section.finish();
  return axis_count > 0 ? std::optional(grid) : std::nullopt;
}

}  // namespace

void read_densities(Section& section, Draft& draft) {
  auto& record = draft.experiment.record;
  if (const Node* density = section.find("density")) {
    const auto* list = density->as<Node::List>();
    if (!list || list->size() > 100) section.refuse("density", "a list of at most 100 tables { axes, bins, range }");
    if (list && list->empty() && draft.experiment.ensemble.until)
      section.refuse("density", "a list of one or more, beside 'ensemble.until', which is about their error");
    for (std::size_t k = 0; list && k < list->size(); ++k) {
      const auto grid = read_density(Section(&(*list)[k], fmt::format("record.density[{}]", k), section.problems()),
                                     draft.landscape.get());
      if (!grid) continue;
      record.density.push_back(*grid);
      draft.density_where.push_back((*list)[k].where);
    }
  } else {
    record.density.push_back({{0}, {200}, {}});
    draft.density_where.push_back(section.where());
  }
}

std::string density_text(const std::vector<sde::DensityGrid>& densities) {
  std::string all;
  for (const auto& grid : densities) {
    std::string ranges;
    for (const auto& [low, high] : grid.range)
      ranges += fmt::format("{}[{}, {}]", ranges.empty() ? "" : ", ", low, high);
    all += fmt::format("{}{{ axes = [{}], bins = [{}], range = [{}] }}", all.empty() ? "" : ", ",
                       fmt::join(grid.axes, ", "), fmt::join(grid.bins, ", "), ranges);
  }
  return "[" + all + "]";
}

}  // namespace kramers::analysis
