#include "analysis/experiment_file/start_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {
namespace {

bool right_length(Section& section, const std::string& key, const std::vector<double>& numbers, int dim) {
  if (int(numbers.size()) == dim) return true;
  section.refuse(key, fmt::format("a list of {} number{}, one a dimension of the landscape", dim, dim == 1 ? "" : "s"));
  return false;
}

std::optional<Start> read_given(Section section, const landscapes::Landscape* landscape, double guard_radius) {
  Start start;
  const std::string kind = section.has("kind") ? section.name("kind", {"points", "gaussian", "uniform"}).value_or("")
                                               : (section.find("kind"), "points");
  if (kind.empty()) return {};
  const int dim = landscape ? landscape->dim() : 0;
  const auto list = [&](const char* key, std::vector<double>& into) {
    const auto numbers = section.numbers(key);
    if (!section.has(key)) section.missing(fmt::format("key '{}' is missing: a list of numbers", section.full(key)));
    if (numbers && dim > 0 && right_length(section, key, *numbers, dim)) into = *numbers;
  };
  if (kind == "points") {
    const Node* at = section.find("at");
    const auto* points = at ? at->as<Node::List>() : nullptr;
    if (!at) section.missing(fmt::format("key '{}' is missing: a list of points", section.full("at")));
    if (at && (!points || points->empty() || points->size() > 1024))
      section.refuse("at", "a list of 1 to 1024 points such as [[-1.0], [1.0]]");
    for (std::size_t i = 0; points && i < points->size(); ++i) {
      const auto point = numbers_in((*points)[i]);
      const auto refuse = [&](const std::string& allowed) {
        section.problems().add((*points)[i].where, fmt::format("key '{}' has the point {}; allowed: {}",
                                                               section.full("at"), (*points)[i].text(), allowed));
      };
      if (!point || (dim > 0 && int(point->size()) != dim))
        refuse(dim > 0 ? fmt::format("lists of {} number{}, one a dimension of the landscape", dim, dim == 1 ? "" : "s")
                       : "lists of numbers");
      else if (std::any_of(point->begin(), point->end(), [&](double x) { return std::abs(x) > guard_radius; }))
        refuse(fmt::format("coordinates within the guard radius {}", guard_radius));
      else
        start.at.push_back(*point);
    }
  } else if (kind == "gaussian") {
    start.kind = Start::Kind::gaussian;
    list("mean", start.mean);
    list("deviation", start.deviation);
    if (std::any_of(start.deviation.begin(), start.deviation.end(), [](double s) { return s < 0; }))
      section.refuse("deviation", "numbers >= 0");
  } else {
    start.kind = Start::Kind::uniform;
    list("low", start.low);
    list("high", start.high);
    for (std::size_t i = 0; i < std::min(start.low.size(), start.high.size()); ++i)
      if (start.low[i] > start.high[i]) section.refuse("low", "numbers that are not above those of 'high'");
  }
  section.finish();
  return start;
}

}  // namespace

void read_start(Section& section, Draft& draft) {
  auto& ensemble = draft.experiment.ensemble;
  if (section.has("start")) {
    ensemble.start = read_given(section.section("start"), draft.landscape.get(), ensemble.guard_radius);
  } else if (section.find("start"); draft.landscape) {
    Start start;
    for (const auto& minimum : draft.landscape->minima())
      start.at.emplace_back(minimum.at.data(), minimum.at.data() + minimum.at.size());
    if (start.at.empty())
      section.missing("key 'ensemble.start' is missing; the minima of this landscape are not known");
    for (const std::vector<double>& point : start.at)
      if (std::ranges::any_of(point, [&](double x) { return std::abs(x) > ensemble.guard_radius; })) {
        section.missing(
            fmt::format("the default start, the minima of the landscape, lies beyond the guard radius {}; "
                        "allowed: an 'ensemble.start' within it, or a larger 'ensemble.guard_radius'",
                        ensemble.guard_radius));
        break;
      }
    ensemble.start = start;
  }
}

std::string start_text(const Start& start) {
  if (start.kind == Start::Kind::gaussian)
    return fmt::format("{{ kind = \"gaussian\", mean = {}, deviation = {} }}", toml(start.mean), toml(start.deviation));
  if (start.kind == Start::Kind::uniform)
    return fmt::format("{{ kind = \"uniform\", low = {}, high = {} }}", toml(start.low), toml(start.high));
  std::string points;
  for (const auto& point : start.at) points += (points.empty() ? "" : ", ") + toml(point);
  return fmt::format("{{ kind = \"points\", at = [{}] }}", points);
}

}  // namespace kramers::analysis
