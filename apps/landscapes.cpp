#include <fmt/format.h>

#include "analysis/experiment/nearest_name.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "apps/parameter_list.hpp"
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

void print(const Entry& entry) {
  fmt::print("{}: {}\n\n  {}\n\n", entry.name, entry.summary, entry.formula);
  print_parameters(entry.parameters);
  const auto made = entry.make({});
  fmt::print("\n  With the defaults: dimension {}", made->dim());
  fmt::print("{}\n", made->superquadratic()
                         ? ", grows faster than quadratically (explicit schemes need the guard radius)"
                         : "");
  std::size_t listed = 0;
  for (const auto& minimum : made->minima()) {
    if (++listed > 8) {
      fmt::print("  ... {} minima in all\n", made->minima().size());
      break;
    }
    std::string at;
    for (double x : minimum.at) at += fmt::format("{}{:.8g}", at.empty() ? "" : ", ", x);
    fmt::print("  minimum ({}), loss {:.6g}{}\n", at, minimum.loss,
               minimum.way_out ? fmt::format(", lowest saddle out at {:.6g}", *minimum.way_out) : "");
  }
  fmt::print("\n  {}\n", entry.source);
}

}  // namespace

int landscapes_command(const LandscapesOptions& options) {
  std::vector<std::string> names;
  for (const Entry& entry : landscapes::catalogue()) names.push_back(entry.name);
  Json list = Json::array();
  bool found = false;
  for (const Entry& entry : landscapes::catalogue()) {
    if (!options.name.empty() && entry.name != options.name) continue;
    found = true;
    if (options.json)
      list.push_back(as_json(entry));
    else if (options.name.empty())
      fmt::print("{:<24}{}\n", entry.name, entry.summary);
    else
      print(entry);
  }
  if (!found) {
    fmt::print(stderr, "kramers landscapes: error: '{}' is unknown{} allowed: {}\n", options.name,
               analysis::did_you_mean(options.name, names), fmt::join(names, ", "));
    return status::usage;
  }
  if (options.json) fmt::print("{}\n", Json{{"landscapes", list}}.dump(2));
  return status::done;
}

}  // namespace kramers
