#include "analysis/recorded/quantities.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "analysis/document/nearest_name.hpp"

namespace kramers::analysis {
namespace {

using sde::Quantity;

constexpr int default_coordinates = 4;  // of theta; more where they are named

/// Every quantity that the landscape has.
std::vector<Quantity> quantities_of(const landscapes::Landscape& landscape) {
  std::vector<Quantity> all;
  for (int i = 0; i < landscape.dim(); ++i) all.push_back({Quantity::Kind::theta, i});
  all.push_back({Quantity::Kind::loss, 0});
  if (landscape.basins())
    for (int i = 0; i < int(landscape.minima().size()); ++i) all.push_back({Quantity::Kind::basin, i});
  return all;
}

}  // namespace

std::vector<Quantity> read_quantities(Section& section, const landscapes::Landscape* landscape) {
  const Node* node = section.find("quantities");
  if (!landscape) return {};
  const std::vector<Quantity> all = quantities_of(*landscape);
  std::vector<Quantity> chosen;
  if (!node) {
    const bool several = landscape->minima().size() > 1;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), [&](const Quantity& quantity) {
      if (quantity.kind == Quantity::Kind::basin) return several;
      return quantity.kind != Quantity::Kind::theta || quantity.index < default_coordinates;
    });
    return chosen;
  }
  std::vector<std::string> names = {"theta"};
  for (const Quantity& quantity : all) names.push_back(quantity.name());
  if (all.back().kind == Quantity::Kind::basin) names.push_back("basin");
  const auto* list = node->as<Node::List>();
  if (!list || list->empty()) {
    section.refuse("quantities", "a list of some of " + join(names));
    return {};
  }
  for (const Node& element : *list) {
    const auto* name = element.as<std::string>();
    const std::size_t before = chosen.size();
    for (const Quantity& quantity : all)
      if (name && (*name == quantity.name() || (quantity.kind != Quantity::Kind::loss &&
                                                *name == quantity.name().substr(0, quantity.name().find('_')))))
        chosen.push_back(quantity);
    if (chosen.size() == before)
      section.problems().add(element.where,
                             fmt::format("key '{}' has {}, which is unknown{} allowed: {}", section.full("quantities"),
                                         element.text(), name ? did_you_mean(*name, names) : ";", join(names)));
    for (std::size_t i = before; i < chosen.size(); ++i)
      if (std::find(chosen.begin(), chosen.begin() + before, chosen[i]) != chosen.begin() + before)
        section.problems().add(element.where, fmt::format("key '{}' has {} twice; allowed: each once",
                                                          section.full("quantities"), chosen[i].name()));
  }
  return chosen;
}

std::string quantities_text(const std::vector<Quantity>& quantities) {
  std::vector<std::string> names;
  for (const Quantity& quantity : quantities) names.push_back(fmt::format("\"{}\"", quantity.name()));
  return fmt::format("quantities = [{}]", fmt::join(names, ", "));
}

}  // namespace kramers::analysis
