#include <fmt/format.h>

#include "analysis/experiment/nearest_name.hpp"
#include "apps/command.hpp"
#include "apps/json.hpp"
#include "landscapes/catalogue.hpp"

namespace kramers {

namespace {

using landscapes::Entry;

std::string as_json(const Entry& entry) {
  std::string parameters, minima;
  for (const auto& p : entry.parameters)
    parameters +=
        fmt::format("{}{{\"name\": {}, \"meaning\": {}, \"unit\": {}, \"type\": {}, \"default\": {}, \"allowed\": {}}}",
                    parameters.empty() ? "" : ", ", json(p.name), json(p.meaning), json(p.unit), json(p.type),
                    json(p.default_text), json(p.allowed));
  const auto made = entry.make({});
  for (const auto& minimum : made->minima()) {
    const std::vector<double> at(minimum.at.data(), minimum.at.data() + minimum.at.size());
    minima += fmt::format("{}{{\"at\": {}, \"loss\": {}}}", minima.empty() ? "" : ", ", json(at), json(minimum.loss));
  }
  return fmt::format(
      "{{\"name\": {}, \"summary\": {}, \"formula\": {}, \"source\": {}, \"parameters\": [{}], \"dimension\": {}, "
      "\"minima\": [{}]}}",
      json(entry.name), json(entry.summary), json(entry.formula), json(entry.source), parameters, made->dim(), minima);
}

void print(const Entry& entry) {
  fmt::print("{}: {}\n\n  {}\n\n", entry.name, entry.summary, entry.formula);
  for (const auto& p : entry.parameters) {
    const std::string unit = p.unit.empty() ? "" : fmt::format(" [{}]", p.unit);
    fmt::print("  {:<18}{}{}; {}, default {}\n", p.name, p.meaning, unit, p.allowed, p.default_text);
  }
  const auto made = entry.make({});
  fmt::print("\n  With the defaults: dimension {}", made->dim());
  if (made->saddle_loss()) fmt::print(", lowest saddle at loss {:.6g}", *made->saddle_loss());
  fmt::print("{}\n", made->superquadratic()
                         ? ", grows faster than quadratically (explicit schemes need the guard radius)"
                         : "");
  std::size_t listed = 0;
  for (const auto& minimum : made->minima()) {
    if (++listed > 8) {
      fmt::print("  ... {} minima in all\n", made->minima().size());
      break;
    }
    std::string at;
    for (double x : minimum.at) at += fmt::format("{}{:.8g}", at.empty() ? "" : ", ", x);
    fmt::print("  minimum ({}), loss {:.6g}\n", at, minimum.loss);
  }
  fmt::print("\n  {}\n", entry.source);
}

}  // namespace

int landscapes_command(const LandscapesOptions& options) {
  std::vector<std::string> names;
  for (const Entry& entry : landscapes::catalogue()) names.push_back(entry.name);
  std::string list;
  bool found = false;
  for (const Entry& entry : landscapes::catalogue()) {
    if (!options.name.empty() && entry.name != options.name) continue;
    found = true;
    if (options.json)
      list += (list.empty() ? "" : ",\n  ") + as_json(entry);
    else if (options.name.empty())
      fmt::print("{:<24}{}\n", entry.name, entry.summary);
    else
      print(entry);
  }
  if (!found) {
    fmt::print(stderr, "kramers landscapes: error: '{}' is unknown{} allowed: {}\n", options.name,
               analysis::did_you_mean(options.name, names), fmt::join(names, ", "));
    return status::usage;
  }
  if (options.json) fmt::print("{{\"landscapes\": [\n  {}\n]}}\n", list);
  return status::done;
}

}  // namespace kramers
