#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "analysis/document/nearest_name.hpp"
#include "apps/commands/flags.hpp"
#include "apps/process/streams.hpp"
#include "apps/text/json.hpp"
#include "apps/text/page.hpp"

namespace kramers {

/// The list of all things that have a name and a summary, or the one of this name, by describe(thing); or either by
/// as_json(thing), under `key` in one object. Returns the exit status: an unknown name is a usage error.
template <class Thing, class Describe, class AsJson>
int show_catalogue(const std::string& command, const std::string& key, const std::vector<Thing>& all,
                   const std::string& name, bool json, Describe describe, AsJson as_json) {
  std::vector<std::string> names;
  Json list = Json::array();
  bool found = false;
  for (const Thing& thing : all) {
    names.emplace_back(thing.name);
    if (!name.empty() && names.back() != name) continue;
    found = true;
    if (json)
      list.push_back(as_json(thing));
    else if (name.empty())
      fmt::print("{}", apps::wrapped(fmt::format("{:<24}{}\n", thing.name, thing.summary)));
    else
      fmt::print("{}", apps::wrapped(describe(thing)));
  }
  if (!found) {
    apps::warn("kramers {}: error: '{}' is unknown{} allowed: {}\n", command, name, analysis::did_you_mean(name, names),
               fmt::join(names, ", "));
    return status::usage;
  }
  if (json) fmt::print("{}\n", Json{{key, list}}.dump(2));
  return status::done;
}

}  // namespace kramers
