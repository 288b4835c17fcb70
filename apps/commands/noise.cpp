#include <fmt/format.h>

#include "apps/commands/catalogue_command.hpp"
#include "apps/text/parameter_list.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"

namespace kramers {

namespace {

using landscapes::NoiseEntry;

Json as_json(const NoiseEntry& entry) {
  return {{"name", entry.name},  {"summary", entry.summary}, {"formula", entry.formula},
          {"gpu", entry.on_gpu}, {"source", entry.source},   {"parameters", parameters_json(entry.parameters)}};
}

std::string describe(const NoiseEntry& entry) {
  return fmt::format("{}: {}\n\n  {}\n\n{}\n  on a GPU  {}\n\n  {}\n", entry.name, entry.summary, entry.formula,
                     parameter_lines(entry.parameters), entry.on_gpu ? "yes" : "no", entry.source);
}

int list_noise(const CatalogueOptions& options) {
  return show_catalogue(
      "noise", "noise", landscapes::noise_catalogue(), options, [](const NoiseEntry& one) { return describe(one); },
      [](const NoiseEntry& one) { return as_json(one); });
}

}  // namespace

Command noise_command() {
  return catalogue_command("noise", "what noise a gradient can have", "  kramers noise two-basin", list_noise);
}

}  // namespace kramers
