#include "analysis/experiment_file/experiment_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>

#include "analysis/experiment/derived.hpp"
#include "analysis/experiment_file/events_section.hpp"
#include "analysis/experiment_file/step_bias_key.hpp"
#include "analysis/experiment_file/until_section.hpp"
#include "analysis/recorded/list.hpp"
#include "landscapes/catalogue.hpp"
#include "sde/schemes/list.hpp"

namespace kramers::analysis {

namespace {

std::string text(double number) { return fmt::format("{}", number); }

std::string text(const std::vector<double>& numbers) { return fmt::format("[{}]", fmt::join(numbers, ", ")); }

std::string quoted(const std::string& name) { return Node{name, "", ""}.full_text(); }

std::string start_text(const Start& start) {
  if (start.kind == Start::Kind::gaussian)
    return fmt::format("{{ kind = \"gaussian\", mean = {}, deviation = {} }}", text(start.mean), text(start.deviation));
  if (start.kind == Start::Kind::uniform)
    return fmt::format("{{ kind = \"uniform\", low = {}, high = {} }}", text(start.low), text(start.high));
  std::string points;
  for (const auto& point : start.at) points += (points.empty() ? "" : ", ") + text(point);
  return fmt::format("{{ kind = \"points\", at = [{}] }}", points);
}

std::string density_text(const std::vector<sde::DensityGrid>& densities) {
  std::string all;
  for (const auto& grid : densities) {
    std::string ranges;
    for (const auto& [low, high] : grid.range)
      ranges += fmt::format("{}[{}, {}]", ranges.empty() ? "" : ", ", low, high);
    all += fmt::format("{}{{ axes = [{}], bins = [{}], range = [{}] }}", all.empty() ? "" : ", ",
                       fmt::join(grid.axes, ", "), fmt::join(grid.bins, ", "), ranges);
  }
  return "[" + all + "]";
}

/// Without what is swept.
std::string noise_text(const Experiment& experiment, const Sweep& sweep) {
  const auto& [kind, parameters] = experiment.dynamics.noise;
  std::string all = "kind = " + quoted(kind);
  for (const auto& [name, value] : parameters)
    if (std::find(sweep.keys.begin(), sweep.keys.end(), "dynamics.noise." + name) == sweep.keys.end())
      all += fmt::format(", {} = {}", name, landscapes::text(value));
  return "{ " + all + " }";
}

/// Writes keys whose value is the same in all runs.
class Writer {
 public:
  Writer(const Node& document, const std::vector<Run>& runs, const Sweep& sweep)
      : document_(document), runs_(runs), sweep_(sweep) {}

  void table(const std::string& name) {
    table_ = name;
    out_ += fmt::format("\n[{}]\n", name);
  }

  /// `value_of` a run's experiment, as TOML; "" is left out. Where runs differ: it, or one of `others` in its place, as
  /// it was given, if it was.
  void key(const std::string& name, const std::function<std::string(const Experiment&)>& value_of,
           const std::vector<std::string>& others = {}) {
    const std::string full = table_.empty() ? name : table_ + "." + name;
    if (std::find(sweep_.keys.begin(), sweep_.keys.end(), full) != sweep_.keys.end()) {
      out_ += fmt::format("# {}: see [sweep]\n", name);
      return;
    }
    const std::string value = value_of(runs_[0].experiment);
    const bool common =
        std::all_of(runs_.begin(), runs_.end(), [&](const Run& run) { return value_of(run.experiment) == value; });
    if (common) {
      if (!value.empty()) out_ += fmt::format("{} = {}\n", name, value);
      return;
    }
    std::vector<std::string> as_given = others;
    as_given.push_back(name);
    for (const std::string& other : as_given)
      if (const Node* node = find(document_, {table_, other})) {
        out_ += fmt::format("{} = {}\n", other, node->full_text());
        return;
      }
    out_ += fmt::format("# {}: the default, which differs from run to run\n", name);
  }

  void sweep() {
    if (sweep_.keys.empty()) return;
    table("sweep");
    out_ += fmt::format("zip = {}\n", sweep_.zip);
    for (std::size_t k = 0; k < sweep_.keys.size(); ++k)
      out_ += fmt::format("{} = {}\n", quoted(sweep_.keys[k]), Node{sweep_.values[k], "", ""}.full_text());
  }

  std::string text() && { return std::move(out_); }

 private:
  const Node& document_;
  const std::vector<Run>& runs_;
  const Sweep& sweep_;
  std::string table_, out_;
};

/// "section.key" -> value of a resolved text, which has a key a line.
std::map<std::string, std::string> lines_by_key(const std::string& text) {
  std::map<std::string, std::string> lines;
  std::string section;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::size_t equals = line.find(" = ");
    if (line.starts_with("["))
      section = line.substr(1, line.size() - 2) + ".";
    else if (!line.starts_with("#") && equals != std::string::npos)
      lines[section + line.substr(0, equals)] = line.substr(equals + 3);
    else if (!line.empty())
      lines[section + line] = "so";
  }
  return lines;
}

std::string optional_text(const std::optional<double>& value) { return value ? text(*value) : ""; }

}  // namespace

std::string resolved_text(const Node& document, const std::vector<Run>& runs, const Sweep& sweep) {
  Writer w(document, runs, sweep);
  w.key("title", [](const Experiment& e) { return quoted(e.title); });
  w.key("seed", [](const Experiment& e) { return std::to_string(e.seed); });

  w.table("landscape");
  w.key("name", [](const Experiment& e) { return quoted(e.landscape.name); });
  for (const auto& parameter : landscapes::find(runs[0].experiment.landscape.name).parameters)
    w.key(parameter.name, [&](const Experiment& e) {
      const auto given = e.landscape.parameters.find(parameter.name);
      if (given != e.landscape.parameters.end()) return landscapes::text(given->second);
      return parameter.type == "number" || parameter.type == "integer" ? parameter.default_text : std::string();
    });

  w.table("dynamics");
  w.key("kind", [](const Experiment& e) {
    return quoted(sde::find_scheme(e.dynamics.scheme)->kinetic() ? "kinetic" : "langevin");
  });
  w.key("scheme", [](const Experiment& e) { return quoted(e.dynamics.scheme); });
  const auto changing = [&](const char* name, auto number, auto schedule) {
    w.key(name, [=](const Experiment& e) {
      const auto& given = e.dynamics.*schedule;
      return given ? given->text : optional_text(e.dynamics.*number);
    });
  };
  using Dynamics = decltype(Experiment::dynamics);
  changing("learning_rate", &Dynamics::learning_rate, &Dynamics::learning_rate_schedule);
  changing("batch_size", &Dynamics::batch_size, &Dynamics::batch_size_schedule);
  w.key("dataset_size", [](const Experiment& e) {
    return e.dynamics.dataset_size ? std::to_string(*e.dynamics.dataset_size) : std::string();
  });
  w.key("noise", [&](const Experiment& e) { return e.dynamics.sigma ? noise_text(e, sweep) : ""; });
  w.key("calculus", [](const Experiment& e) {
    return e.dynamics.noise.kind == "isotropic" ? "" : quoted(std::string(sde::name_of_calculus(e.dynamics.calculus)));
  });
  changing("temperature", &Dynamics::temperature, &Dynamics::temperature_schedule);
  w.key("time_step", [](const Experiment& e) {
    const bool follows = e.dynamics.learning_rate_schedule && !e.dynamics.time_step;
    return e.dynamics.momentum || follows ? "" : text(time_step(e));
  });
  w.key("friction", [](const Experiment& e) { return optional_text(e.dynamics.friction); });
  w.key("momentum", [](const Experiment& e) { return optional_text(e.dynamics.momentum); });

  w.table("ensemble");
  w.key("trajectories", [](const Experiment& e) { return std::to_string(e.ensemble.trajectories); });
  w.key("burn_in", [](const Experiment& e) { return std::to_string(e.ensemble.burn_in); },
        {"burn_in_time", "burn_in_epochs"});
  w.key("steps",
        [](const Experiment& e) { return e.ensemble.until ? std::string() : std::to_string(e.ensemble.steps); },
        {"time", "epochs"});
  w.key("until", until_text);
  w.key("sample_every", [](const Experiment& e) { return std::to_string(e.ensemble.sample_every); },
        {"sample_every_time"});
  w.key("start", [](const Experiment& e) { return start_text(*e.ensemble.start); });
  w.key("precision", [](const Experiment& e) {
    return quoted(e.ensemble.precision == Precision::single_precision ? "single" : "double");
  });
  w.key("guard_radius", [](const Experiment& e) { return text(e.ensemble.guard_radius); });

  w.table("record");
  w.key("density", [](const Experiment& e) { return density_text(e.record.density); });
  w.key("paths", [](const Experiment& e) {
    return e.record.path_count == 0
               ? std::string()
               : fmt::format("{{ count = {}, every = {} }}", e.record.path_count, e.record.path_every);
  });
  for (const Recorded& thing : recorded_things())
    if (thing.has_key) w.key(thing.name, thing.text);
  w.key("phases", [](const Experiment& e) {
    const auto& [of, bins, at_end] = e.record.phases;
    return of.empty() ? "" : fmt::format("{{ of = \"{}\", bins = {}, at_end = {} }}", of, bins, at_end);
  });
  w.key("events", [](const Experiment& e) {
    return e.record.events.empty() ? std::string() : events_text(e.record.events, time_step(e));
  });
  w.key("basins", [](const Experiment& e) { return e.record.basins_by_flow ? quoted("gradient-flow") : ""; });

  w.table("compare");
  w.key("prediction", [](const Experiment& e) { return quoted(e.compare.prediction); });
  w.key("tolerance", [](const Experiment& e) { return text(e.compare.tolerance); });
  w.key("alpha", [](const Experiment& e) { return text(e.compare.alpha); });
  w.key("step_bias", step_bias_text);

  w.sweep();
  return std::move(w).text();
}

namespace {
/// A thousand coordinates would hide what is said of them.
std::string in_short(const std::string& value) {
  constexpr std::size_t most = 60;
  return value.size() <= most ? value : value.substr(0, most) + "...";
}
}  // namespace

std::vector<std::string> differences(const std::string& there, const std::string& here) {
  const auto a = lines_by_key(there), b = lines_by_key(here);
  auto keys = a;
  keys.insert(b.begin(), b.end());
  const auto value = [](const auto& lines, const std::string& key) {
    const auto found = lines.find(key);
    return found == lines.end() ? std::string("nothing") : found->second;
  };
  std::vector<std::string> all;
  for (const auto& [key, _] : keys)
    if (value(a, key) != value(b, key))
      all.push_back(fmt::format("{} = {} there and {} here", key, in_short(value(a, key)), in_short(value(b, key))));
  return all;
}

}  // namespace kramers::analysis
