#include "analysis/experiment_file/noise_section.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/experiment/reference_noise.hpp"
#include "analysis/experiment_file/parameters_section.hpp"
#include "landscapes/gradient_noise/catalogue.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {

namespace {

std::string schemes_valid_for(sde::NoiseStructure structure) {
  std::vector<std::string> names;
  for (const sde::SchemeFacts& scheme : sde::schemes())
    if (is_valid(scheme.noise, structure)) names.emplace_back(scheme.name);
  return join(names);
}

/// Reads the table; draft.noise stays null where something is wrong with it.
void read_kind(Section section, Draft& draft) {
  std::vector<std::string> names;
  for (const auto& entry : landscapes::noise_catalogue()) names.push_back(entry.name);
  const auto kind = section.has("kind") ? section.name("kind", names) : (section.find("kind"), "isotropic");
  if (!kind || !section.is_table()) return;
  const landscapes::NoiseEntry& entry = landscapes::find_noise(*kind);
  std::shared_ptr<const landscapes::GradientNoise> noise;
  const ReadParameters read =
      read_parameters(section, entry.parameters, fmt::format("noise '{}'", *kind), [&](const auto& given) {
        if (draft.landscape || !entry.needs_landscape) noise = entry.make(given, draft.landscape);
      });
  section.finish(home_of);
  draft.experiment.dynamics.noise = {*kind, read.given};
  if (read.whole) draft.noise = std::move(noise);
}

}  // namespace

void read_noise(Section& dynamics, const sde::SchemeFacts* scheme, Draft& draft) {
  auto& experiment = draft.experiment;
  std::vector<std::string> names;
  for (const sde::Calculus& calculus : sde::calculi) names.emplace_back(calculus.name);
  const auto name = dynamics.name("calculus", names);
  for (const sde::Calculus& calculus : sde::calculi)
    if (name == calculus.name) experiment.dynamics.calculus = calculus.at;
  if (!dynamics.find("noise") || !dynamics.has("noise")) return;
  read_kind(dynamics.section("noise"), draft);
  if (!draft.noise || !draft.landscape) return;

  const std::string& kind = experiment.dynamics.noise.kind;
  const sde::NoiseStructure structure = draft.noise->structure();
  if (scheme && !is_valid(scheme->noise, structure)) {
    const std::string allowed = schemes_valid_for(structure);
    const std::string what = structure == sde::NoiseStructure::general
                                 ? fmt::format("beside {} noise that is a function of several coordinates", kind)
                                 : fmt::format("beside {} noise", kind);
    if (dynamics.has("scheme"))
      dynamics.refuse("scheme", fmt::format("{}: {}", what, allowed));
    else
      dynamics.missing(fmt::format("key 'dynamics.scheme' is missing {}; allowed: {}", what, allowed));
  }
  if (scheme && experiment.dynamics.calculus != scheme->calculus && depends_on_theta(structure) &&
      (!draft.noise->has_divergence() || scheme->kinetic())) {
    const std::string own = fmt::format("under {} noise, \"{}\", which is that of the scheme {}", kind,
                                        sde::name_of_calculus(scheme->calculus), scheme->name);
    if (dynamics.has("calculus"))
      dynamics.refuse("calculus", own);
    else
      dynamics.missing(fmt::format("key 'dynamics.calculus' is missing; allowed: {}", own));
  }
  if (const double S = experiment.dynamics.batch_size.value_or(1), most = draft.noise->largest_batch();
      S > most || (most < 1e9 && S != std::floor(S)))
    dynamics.refuse("batch_size", fmt::format("a whole number from 1 to {} under {} noise", most, kind));
  if (const double variance = reference_variance(*draft.noise, *draft.landscape);
      structure != sde::NoiseStructure::heavy_tailed && !(variance > 0 && std::isfinite(variance))) {
    dynamics.refuse("noise", "a variance > 0; its mean over the minima of the landscape is " +
                                 (std::isfinite(variance) ? fmt::to_string(variance) : "no finite number"));
    draft.noise = nullptr;
  }
}

std::string noise_text(const Experiment& experiment, const ResolvedWriter& w) {
  const auto& [kind, parameters] = experiment.dynamics.noise;
  std::string all = "kind = " + toml(kind);
  for (const auto& [name, value] : parameters)
    if (!w.is_swept("dynamics.noise." + name)) all += fmt::format(", {} = {}", name, landscapes::text(value));
  return "{ " + all + " }";
}

}  // namespace kramers::analysis
