#include <fmt/format.h>

#include "apps/commands/catalogue_command.hpp"
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
          {"multiplicative_strong_order", order(s.strong_order_under(sde::NoiseStructure::diagonal))},
          {"weak_order", order(s.weak_order)},
          {"invariant_order", order(s.invariant_order)},
          {"gradients", s.gradients},
          {"normals", s.normals},
          {"metropolis", s.metropolis},
          {"kind", s.kinetic() ? "kinetic" : "langevin"},
          {"parameter", s.parameter},
          {"gpu", sde::runs_on_device(s.name)},
          {"gpu_shaped_noise", sde::runs_on_device(s.name, true)},
          {"source", s.source}};
}

std::string describe(const sde::SchemeFacts& s) {
  std::string text = fmt::format("{}: {}\n\n  {}\n\n", s.name, s.summary, s.equation);
  if (s.strong_order == sde::unbounded_order)
    text += fmt::format("  order            no error of the time step\n");
  else
    text += fmt::format("  order            strong {}, weak {}; {}\n", s.strong_order, s.weak_order,
                        s.invariant_order == sde::unbounded_order
                            ? "no bias of the stationary law"
                            : fmt::format("bias of the stationary law O(h^{})", s.invariant_order));
  if (const double other = s.strong_order_under(sde::NoiseStructure::diagonal); other != s.strong_order)
    text += fmt::format("                   strong {} under noise that depends on theta\n", other);
  text +=
      fmt::format("  noise            {}; by itself {}\n", sde::words_of(s.noise), sde::name_of_calculus(s.calculus));
  text += fmt::format("  a step costs     {} gradient{}, {} normal{} a coordinate{}\n", s.gradients,
                      s.gradients == 1 ? "" : "s", s.normals, s.normals == 1 ? "" : "s",
                      s.metropolis ? "; and to accept it the loss and 2 normals" : "");
  if (s.quadratic_alone) text += fmt::format("  landscapes       quadratic alone\n");
  if (s.kinetic()) text += fmt::format("  kinetic          with its own key in [dynamics]: {}\n", s.parameter);
  const bool under_shapes = sde::runs_on_device(s.name, true);
  text += fmt::format("  on a GPU         {}\n", under_shapes                  ? "yes"
                                                 : sde::runs_on_device(s.name) ? "yes, under isotropic noise"
                                                                               : "no");
  text += fmt::format("\n  {}\n", s.source);
  return text;
}

int list_schemes(const CatalogueOptions& options) {
  return show_catalogue(
      "schemes", "schemes", sde::schemes(), options, [](const sde::SchemeFacts& one) { return describe(one); },
      [](const sde::SchemeFacts& one) { return as_json(one); });
}

}  // namespace

Command schemes_command() {
  return catalogue_command("schemes", "how it can be integrated", "  kramers schemes leimkuhler-matthews",
                           list_schemes);
}

}  // namespace kramers
