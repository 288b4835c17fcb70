#include "analysis/experiment/dynamics_section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/experiment/gradient_noise.hpp"
#include "analysis/experiment/noise_section.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {
namespace {

std::vector<std::string> schemes_where(const std::function<bool(const sde::SchemeFacts&)>& holds) {
  std::vector<std::string> names;
  for (const sde::SchemeFacts& scheme : sde::schemes())
    if (holds(scheme)) names.emplace_back(scheme.name);
  return names;
}

/// The scheme of this experiment, or null where it is not known.
const sde::SchemeFacts* read_scheme(Section& section, Experiment& experiment) {
  const auto kind = section.name("kind", {"langevin", "kinetic"}, {"sgd"});
  if (section.has("kind") && !kind) return nullptr;
  const bool kinetic = kind == "kinetic";
  if (!section.has("scheme") && kinetic) experiment.dynamics.scheme = "baoab";
  if (const auto given = section.find("scheme") ? section.string("scheme") : std::nullopt) {
    const sde::SchemeFacts* other = sde::find_scheme(*given);
    if (other && other->kinetic() != kinetic) {
      section.refuse("scheme", fmt::format("beside kind = \"{}\": {}", kinetic ? "kinetic" : "langevin",
                                           join(schemes_where([&](const auto& s) { return s.kinetic() == kinetic; }))));
      return nullptr;
    }
  }
  if (section.has("scheme")) {
    const auto scheme =
        section.name("scheme", schemes_where([&](const auto& s) { return s.kinetic() == kinetic; }), {"mala"});
    if (!scheme) return nullptr;
    experiment.dynamics.scheme = *scheme;
  }
  return sde::find_scheme(experiment.dynamics.scheme);
}

/// `key`: what some schemes need beside T and h.
std::optional<double> read_parameter(Section& section, const std::string& key, const Allowed& allowed,
                                     const sde::SchemeFacts* scheme) {
  const auto value = section.number(key, allowed);
  if (!scheme) return value;
  if (scheme->parameter == key) {
    if (!section.has(key) && !section.misspelt(key))
      section.missing(fmt::format("key 'dynamics.{}' is missing beside scheme = \"{}\"; allowed: {}", key, scheme->name,
                                  allowed.words));
  } else if (section.has(key)) {
    section.refuse(key, fmt::format("with the schemes {}",
                                    join(schemes_where([&](const auto& s) { return s.parameter == key; }))));
  }
  return value;
}

}  // namespace

void read_dynamics(Section section, Draft& draft) {
  Experiment& experiment = draft.experiment;
  auto& dynamics = experiment.dynamics;
  const sde::SchemeFacts* scheme = read_scheme(section, experiment);
  const std::string_view parameter = scheme ? scheme->parameter : "";
  dynamics.learning_rate = section.number("learning_rate", positive_number());
  dynamics.batch_size = section.number("batch_size", whole(1, 1e15));
  dynamics.temperature = section.number("temperature", positive_number());
  dynamics.time_step = section.number("time_step", positive_number());
  dynamics.friction = read_parameter(section, "friction", positive_number(), scheme);
  dynamics.momentum = read_parameter(section, "momentum",
                                     {"a number >= 0 and < 1", [](double mu) { return mu >= 0 && mu < 1; }}, scheme);
  if (const std::string& landscape = experiment.landscape.name;
      scheme && scheme->quadratic_alone && !landscape.empty() && landscape != "quadratic")
    section.refuse("scheme", fmt::format("on the landscape {}: all but {}", landscape, scheme->name));
  read_noise(section, scheme, draft);
  if (draft.noise && draft.landscape) set_sigma(experiment, *draft.noise, *draft.landscape);

  std::string instead = "give learning_rate, batch_size and noise, or temperature and time_step";
  std::vector<std::string> required, refused;
  const std::vector<std::string> sgd = {"learning_rate", "batch_size", "noise"};
  if (parameter == "friction") {
    instead = fmt::format("scheme = \"{}\" takes temperature, time_step and friction", scheme->name);
    required = {"temperature", "time_step"};
    refused = sgd;
  } else if (parameter == "momentum") {
    instead = fmt::format("scheme = \"{}\" takes learning_rate, batch_size, noise and momentum", scheme->name);
    required = sgd;
    refused = {"temperature", "time_step"};
  } else if (section.has("temperature")) {
    const bool beside_sgd = std::any_of(sgd.begin(), sgd.end(), [&](const auto& key) { return section.has(key); });
    if (beside_sgd)
      refused = {"temperature"};
    else
      required = {"time_step"};
  } else {
    required = sgd;
  }
  for (const char* key : {"sampling", "dataset_size", "schedule"}) section.later(key, instead);
  section.finish(home_of);

  for (const std::string& key : refused) {
    if (!section.has(key)) continue;
    std::vector<std::string> beside;
    for (const std::string& other : sgd)
      if (key == "temperature" && section.has(other)) beside.push_back(other);
    const std::string why =
        beside.empty() ? " is not possible" : fmt::format(" stands beside {}, from which it follows", join(beside));
    section.problems().add(section.table().at(key).where, fmt::format("key 'dynamics.{}' = {}{}; {}", key,
                                                                      section.table().at(key).text(), why, instead));
  }
  for (const std::string& key : required)
    if (!section.has(key) && !section.misspelt(key))
      section.missing(fmt::format("key 'dynamics.{}' is missing{}; {}", key,
                                  section.has("temperature") ? " beside temperature" : "", instead));
}

}  // namespace kramers::analysis
