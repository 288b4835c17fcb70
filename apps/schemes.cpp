#include <fmt/format.h>

#include "analysis/experiment/nearest_name.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "sde/schemes/list.hpp"

namespace kramers {

namespace {

std::string as_json(const sde::SchemeFacts& s) {
  return fmt::format(
      "{{\"name\": {}, \"summary\": {}, \"equation\": {}, \"calculus\": {}, \"noise\": {}, \"strong_order\": {}, "
      "\"weak_order\": {}, \"invariant_order\": {}, \"gradients\": {}, \"normals\": {}, \"source\": {}}}",
      json(s.name), json(s.summary), json(s.equation), json(s.calculus), json(s.noise), s.strong_order, s.weak_order,
      s.invariant_order, s.gradients, s.normals, json(s.source));
}

void print(const sde::SchemeFacts& s) {
  fmt::print("{}: {}\n\n  {}\n\n", s.name, s.summary, s.equation);
  fmt::print("  order            strong {}, weak {}; bias of the stationary law O(h^{})\n", s.strong_order,
             s.weak_order, s.invariant_order);
  fmt::print("  noise            {}, {}\n", s.noise, s.calculus);
  fmt::print("  a step costs     {} gradient{}, {} normal{} a coordinate\n", s.gradients, s.gradients == 1 ? "" : "s",
             s.normals, s.normals == 1 ? "" : "s");
  fmt::print("\n  {}\n", s.source);
}

}  // namespace

int schemes_command(const SchemesOptions& options) {
  const sde::SchemeFacts* chosen = options.name.empty() ? nullptr : sde::find_scheme(options.name);
  if (!options.name.empty() && !chosen) {
    const auto names = sde::scheme_names();
    const std::string hint = analysis::did_you_mean(options.name, names);
    fmt::print(stderr, "kramers schemes: error: '{}' is unknown{} allowed: {}\n", options.name, hint,
               fmt::join(names, ", "));
    return status::usage;
  }
  std::string list;
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    if (chosen && scheme.name != chosen->name) continue;
    if (options.json)
      list += (list.empty() ? "" : ",\n  ") + as_json(scheme);
    else if (chosen)
      print(scheme);
    else
      fmt::print("{:<24}{}\n", scheme.name, scheme.summary);
  }
  if (options.json) fmt::print("{{\"schemes\": [\n  {}\n]}}\n", list);
  return status::done;
}

}  // namespace kramers
