#include "analysis/experiment_file/dynamics_section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/experiment/rates.hpp"
#include "analysis/experiment/reference_noise.hpp"
#include "analysis/experiment_file/noise_section.hpp"
#include "analysis/experiment_file/schedule_section.hpp"
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
  const auto kind = section.name("kind", {"langevin", "kinetic"});
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
    const auto scheme = section.name("scheme", schemes_where([&](const auto& s) { return s.kinetic() == kinetic; }));
    if (!scheme) return nullptr;
    experiment.dynamics.scheme = *scheme;
  }
  return sde::find_scheme(experiment.dynamics.scheme);
}

/// Steps and epochs go together only where every step sees a known number of examples. A schedule that is refused is
/// forgotten.
void check_epochs(Section& section, Experiment& experiment) {
  auto& d = experiment.dynamics;
  const auto forget_batch_size = [&] {
    d.batch_size.reset();
    d.batch_size_schedule.reset();
  };
  if (d.temperature_schedule && d.temperature_schedule->in_epochs) {
    section.refuse("temperature", "units = \"steps\": an epoch is so many batches, and no batch size stands beside it");
    d.temperature_schedule.reset();
  }
  auto &rate = d.learning_rate_schedule, &batch = d.batch_size_schedule;
  if (rate && rate->in_epochs && !d.batch_size) {
    if (!section.has("batch_size"))
      section.missing("key 'dynamics.batch_size' is missing beside 'learning_rate' in epochs; allowed: a whole number");
    rate.reset();
  }
  if (!batch) return;
  if (const bool in_epochs = batch->in_epochs || (rate && rate->in_epochs); in_epochs && !batch->schedule.stepwise()) {
    section.refuse("batch_size",
                   "stages alone where anything is in epochs: a number, or kind = \"constant\", \"steps\", "
                   "\"square\" or pieces of them");
    rate.reset();
    forget_batch_size();
    return;
  }
  if (!batch->in_epochs) return;
  for (const sde::Schedule::Part& part : batch->schedule.parts())
    if (part.length != sde::Schedule::forever && part.length % std::uint64_t(part.from) != 0) {
      section.refuse("batch_size",
                     fmt::format("stages of a whole number of steps; a stage of {} examples is not one of steps of {}",
                                 part.length, part.from));
      rate.reset();
      forget_batch_size();
      return;
    }
}

/// Noise that the temperature alone does not describe has a shape that hangs on eta and S.
void check_shape(Section& section, const Draft& draft) {
  const auto& dynamics = draft.experiment.dynamics;
  if (!draft.noise || draft.noise->structure() <= sde::NoiseStructure::general) return;
  for (const auto& [key, given] :
       {std::pair{"learning_rate", &dynamics.learning_rate_schedule}, {"batch_size", &dynamics.batch_size_schedule}})
    if (*given) section.refuse(key, fmt::format("a number under {} noise", dynamics.noise.kind));
}

/// What follows from numbers of a usable size has to be of one, too.
void check_sizes(Section& section, const Experiment& experiment) {
  if (!dynamics_are_whole(experiment)) return;
  const sde::SchemeParameters p = scheme_parameters(experiment);
  std::vector<std::pair<const char*, double>> sizes = {{"the temperature", sde::effective_temperature(p)}};
  if (experiment.dynamics.friction) sizes.emplace_back("friction times the time step", p.friction * p.time_step);
  for (const auto& [name, value] : sizes)
    if (value == 0 || !landscapes::is_usable(value))
      section.missing(fmt::format("with these 'dynamics' {} is too {}; allowed: a number {}", name,
                                  value < 1 ? "small" : "large", landscapes::usable_words));
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
  if (const auto size = section.number("dataset_size", whole(1, 1e15))) dynamics.dataset_size = std::uint64_t(*size);
  const auto read = [&](const char* key, const Allowed& allowed, bool is_whole, std::optional<double>& number,
                        std::optional<GivenSchedule>& schedule) {
    auto value = read_number_or_schedule(section, key, allowed, is_whole, dynamics.dataset_size);
    number = value.first;
    schedule = std::move(value.schedule);
  };
  read("learning_rate", positive_number(), false, dynamics.learning_rate, dynamics.learning_rate_schedule);
  read("batch_size", whole(1, 1e15), true, dynamics.batch_size, dynamics.batch_size_schedule);
  read("temperature", positive_number(), false, dynamics.temperature, dynamics.temperature_schedule);
  dynamics.time_step = section.number("time_step", positive_number());
  dynamics.friction = read_parameter(section, "friction", positive_number(), scheme);
  dynamics.momentum = read_parameter(section, "momentum",
                                     {"a number >= 0 and < 1", [](double mu) { return mu >= 0 && mu < 1; }}, scheme);
  if (const std::string& landscape = experiment.landscape.name;
      scheme && scheme->quadratic_alone && !landscape.empty() && landscape != "quadratic")
    section.refuse("scheme", fmt::format("on the landscape {}: all but {}", landscape, scheme->name));
  if (scheme && draft.landscape && draft.landscape->dim() > scheme->most_dimensions)
    section.refuse("scheme", fmt::format("in {} dimensions: all but {}, which is for up to {}", draft.landscape->dim(),
                                         scheme->name, scheme->most_dimensions));
  if (scheme && scheme->quadratic_alone &&
      (dynamics.learning_rate_schedule || dynamics.batch_size_schedule || dynamics.temperature_schedule))
    section.refuse("scheme", fmt::format("under a schedule: all but {}", scheme->name));
  read_noise(section, scheme, draft);
  if (draft.noise && draft.landscape) set_sigma(experiment, *draft.noise, *draft.landscape);

  check_sizes(section, experiment);

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
  section.finish(home_of);
  check_epochs(section, experiment);
  check_shape(section, draft);

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

void write_dynamics(ResolvedWriter& w) {
  w.table("dynamics");
  w.key("kind", [](const Experiment& e) {
    return toml(sde::find_scheme(e.dynamics.scheme)->kinetic() ? "kinetic" : "langevin");
  });
  w.key("scheme", [](const Experiment& e) { return toml(e.dynamics.scheme); });
  const auto changing = [&](const char* name, auto number, auto schedule) {
    w.key(name, [=](const Experiment& e) {
      const auto& given = e.dynamics.*schedule;
      return given ? given->text : toml(e.dynamics.*number);
    });
  };
  using Dynamics = decltype(Experiment::dynamics);
  changing("learning_rate", &Dynamics::learning_rate, &Dynamics::learning_rate_schedule);
  changing("batch_size", &Dynamics::batch_size, &Dynamics::batch_size_schedule);
  w.key("dataset_size", [](const Experiment& e) {
    return e.dynamics.dataset_size ? std::to_string(*e.dynamics.dataset_size) : std::string();
  });
  w.key("noise", [&](const Experiment& e) { return e.dynamics.sigma ? noise_text(e, w) : ""; });
  w.key("calculus", [](const Experiment& e) {
    return e.dynamics.noise.kind == "isotropic" ? "" : toml(std::string(sde::name_of_calculus(e.dynamics.calculus)));
  });
  changing("temperature", &Dynamics::temperature, &Dynamics::temperature_schedule);
  w.key("time_step", [](const Experiment& e) {
    const bool follows = e.dynamics.learning_rate_schedule && !e.dynamics.time_step;
    return e.dynamics.momentum || follows ? "" : toml(time_step(e));
  });
  w.key("friction", [](const Experiment& e) { return toml(e.dynamics.friction); });
  w.key("momentum", [](const Experiment& e) { return toml(e.dynamics.momentum); });
}

}  // namespace kramers::analysis
