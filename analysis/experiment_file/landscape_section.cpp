#include "analysis/experiment_file/landscape_section.hpp"

#include <fmt/format.h>

#include "analysis/experiment_file/parameters_section.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers::analysis {

void read_landscape(Section section, Draft& draft) {
  std::vector<std::string> names;
  for (const auto& entry : landscapes::catalogue()) names.push_back(entry.name);
  if (!section.has("name")) section.missing("key 'landscape.name' is missing; allowed: " + join(names));
  const auto name = section.name("name", names);
  if (!name) return;
  draft.experiment.landscape.name = *name;

  const auto& entry = landscapes::find(*name);
  std::shared_ptr<const landscapes::Landscape> landscape;
  const ReadParameters read = read_parameters(section, entry.parameters, fmt::format("landscape '{}'", *name),
                                              [&](const auto& given) { landscape = entry.make(given); });
  section.finish(home_of);
  draft.experiment.landscape.parameters = read.given;
  if (read.whole) draft.landscape = std::move(landscape);
}

void write_landscape(ResolvedWriter& w) {
  w.table("landscape");
  w.key("name", [](const Experiment& e) { return toml(e.landscape.name); });
  for (const auto& parameter : landscapes::find(w.first().landscape.name).parameters)
    w.key(parameter.name, [&](const Experiment& e) {
      const auto given = e.landscape.parameters.find(parameter.name);
      if (given != e.landscape.parameters.end()) return landscapes::text(given->second);
      return parameter.type == "number" || parameter.type == "integer" ? parameter.default_text : std::string();
    });
}

}  // namespace kramers::analysis
