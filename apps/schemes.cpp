#include <fmt/format.h>

#include "analysis/experiment/nearest_name.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "sde/schemes/list.hpp"

namespace kramers {

namespace {

/// null: no error at all.
Json order(double order) { return order == sde::unbounded_order ? Json() : Json(order); }

Json as_json(const sde::SchemeFacts& s) {
  return {{"name", s.name},
          {"summary", s.summary},
          {"equation", s.equation},
          {"calculus", sde::name_of_calculus(s.calculus)},
          {"noise", sde::words_of(s.noise)},
          {"strong_order", order(s.strong_order)},
          {"multiplicative_strong_order", order(s.multiplicative_strong_order)},
          {"weak_order", order(s.weak_order)},
          {"invariant_order", order(s.invariant_order)},
          {"gradients", s.gradients},
          {"normals", s.normals},
          {"kind", s.kinetic() ? "kinetic" : "langevin"},
          {"parameter", s.parameter},
          {"gpu", sde::runs_on_device(s.name)},
          {"source", s.source}};
}

void print(const sde::SchemeFacts& s) {
  fmt::print("{}: {}\n\n  {}\n\n", s.name, s.summary, s.equation);
  if (s.invariant_order == sde::unbounded_order)
    fmt::print("  order            no error of the time step\n");
  else
    fmt::print("  order            strong {}, weak {}; bias of the stationary law O(h^{})\n", s.strong_order,
               s.weak_order, s.invariant_order);
  if (s.multiplicative_strong_order != s.strong_order)
    fmt::print("                   strong {} under noise that depends on theta\n", s.multiplicative_strong_order);
  fmt::print("  noise            {}; by itself {}\n", sde::words_of(s.noise), sde::name_of_calculus(s.calculus));
  fmt::print("  a step costs     {} gradient{}, {} normal{} a coordinate\n", s.gradients, s.gradients == 1 ? "" : "s",
             s.normals, s.normals == 1 ? "" : "s");
  if (s.quadratic_alone) fmt::print("  landscapes       quadratic alone\n");
  if (s.kinetic()) fmt::print("  kinetic          with its own key in [dynamics]: {}\n", s.parameter);
  fmt::print("  on a GPU         {}\n", sde::runs_on_device(s.name) ? "yes" : "no");
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
  Json list = Json::array();
  for (const sde::SchemeFacts& scheme : sde::schemes()) {
    if (chosen && scheme.name != chosen->name) continue;
    if (options.json)
      list.push_back(as_json(scheme));
    else if (chosen)
      print(scheme);
    else
      fmt::print("{:<24}{}\n", scheme.name, scheme.summary);
  }
  if (options.json) fmt::print("{}\n", Json{{"schemes", list}}.dump(2));
  return status::done;
}

}  // namespace kramers
