#include <fmt/format.h>

#include "apps/commands/catalogue_command.hpp"
#include "apps/text/parameter_list.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers {

namespace {

using landscapes::Entry;

Json as_json(const Entry& entry) {
  Json minima = Json::array();
  const auto made = entry.make({});
  for (const auto& minimum : made->minima())
    minima.push_back({{"at", std::vector<double>(minimum.at.begin(), minimum.at.end())}, {"loss", minimum.loss}});
  return {{"name", entry.name},
          {"summary", entry.summary},
          {"formula", entry.formula},
          {"source", entry.source},
          {"parameters", parameters_json(entry.parameters)},
          {"dimension", made->dim()},
          {"minima", minima}};
}

std::string describe(const Entry& entry) {
  std::string text = fmt::format("{}: {}\n\n  {}\n\n", entry.name, entry.summary, entry.formula);
  text += parameter_lines(entry.parameters);
  const auto made = entry.make({});
  text += fmt::format("\n  With the defaults: dimension {}", made->dim());
  text += fmt::format("{}\n", made->superquadratic()
                                  ? ", grows faster than quadratically (explicit schemes need the guard radius)"
                                  : "");
  std::size_t listed = 0;
  for (const auto& minimum : made->minima()) {
    if (++listed > 8) {
      text += fmt::format("  ... {} minima in all\n", made->minima().size());
      break;
    }
    std::string at;
    for (double x : minimum.at) at += fmt::format("{}{:.8g}", at.empty() ? "" : ", ", x);
    text += fmt::format("  minimum ({}), loss {:.6g}{}\n", at, minimum.loss,
                        minimum.way_out ? fmt::format(", lowest saddle out at {:.6g}", *minimum.way_out) : "");
  }
  text += fmt::format("\n  {}\n", entry.source);
  return text;
}

int list_landscapes(const CatalogueOptions& options) {
  return show_catalogue(
      "landscapes", "landscapes", landscapes::catalogue(), options, [](const Entry& one) { return describe(one); },
      [](const Entry& one) { return as_json(one); });
}

}  // namespace

Command landscapes_command() {
  return catalogue_command("landscapes", "what can be descended", "  kramers landscapes asymmetric-double-well",
                           list_landscapes);
}

}  // namespace kramers
