#include <fmt/format.h>

#include "analysis/experiment/nearest_name.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "apps/parameter_list.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"

namespace kramers {

namespace {

using landscapes::NoiseEntry;

Json as_json(const NoiseEntry& entry) {
  return {{"name", entry.name},
          {"summary", entry.summary},
          {"formula", entry.formula},
          {"source", entry.source},
          {"parameters", parameters_json(entry.parameters)}};
}

void print(const NoiseEntry& entry) {
  fmt::print("{}: {}\n\n  {}\n\n", entry.name, entry.summary, entry.formula);
  print_parameters(entry.parameters);
  fmt::print("\n  {}\n", entry.source);
}

}  // namespace

int noise_command(const NoiseOptions& options) {
  std::vector<std::string> names;
  Json list = Json::array();
  bool found = false;
  for (const NoiseEntry& entry : landscapes::noise_catalogue()) {
    names.push_back(entry.name);
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
    fmt::print(stderr, "kramers noise: error: '{}' is unknown{} allowed: {}\n", options.name,
               analysis::did_you_mean(options.name, names), fmt::join(names, ", "));
    return status::usage;
  }
  if (options.json) fmt::print("{}\n", Json{{"noise", list}}.dump(2));
  return status::done;
}

}  // namespace kramers
