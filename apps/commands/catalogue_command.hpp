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

struct CatalogueOptions {
  std::string name;  // empty: the list
  bool json = false;
};

/// `kramers NAME [THING]`: lists what there is of a kind, or describes one.
inline Command catalogue_command(const char* name, const char* what, const char* example,
                                 int (*show)(const CatalogueOptions&)) {
  return command_of<CatalogueOptions>(name, what, example, show, [](Flags& flags, CatalogueOptions& o) {
    flags.add({.name = "name", .value = &o.name, .what = "one of them, in full"});
    flags.json(o.json);
  });
}

/// The list of all things that have a name and a summary, or the one of this name, by describe(thing); or either by
/// as_json(thing), under `key` in one object. Returns the exit status: an unknown name is a usage error.
template <class Thing, class Describe, class AsJson>
int show_catalogue(const std::string& command, const std::string& key, const std::vector<Thing>& all,
                   const CatalogueOptions& options, Describe describe, AsJson as_json) {
  const auto& [name, json] = options;
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
