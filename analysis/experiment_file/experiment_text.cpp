#include "analysis/experiment_file/experiment_text.hpp"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "analysis/experiment_file/compare_section.hpp"
#include "analysis/experiment_file/dynamics_section.hpp"
#include "analysis/experiment_file/ensemble_section.hpp"
#include "analysis/experiment_file/landscape_section.hpp"
#include "analysis/experiment_file/record_section.hpp"
#include "analysis/experiment_file/resolved_writer.hpp"

namespace kramers::analysis {

namespace {

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

}  // namespace

std::string resolved_text(const Node& document, const std::vector<Run>& runs, const Sweep& sweep) {
  ResolvedWriter w(document, runs, sweep);
  w.key("title", [](const Experiment& e) { return toml(e.title); });
  w.key("seed", [](const Experiment& e) { return std::to_string(e.seed); });
  write_landscape(w);
  write_dynamics(w);
  write_ensemble(w);
  write_record(w);
  write_compare(w);
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
