#include "analysis/experiment_file/resolved_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace kramers::analysis {

std::string toml(const std::string& text) { return Node{text, "", ""}.full_text(); }
std::string toml(double number) { return fmt::format("{}", number); }
std::string toml(const std::vector<double>& numbers) { return fmt::format("[{}]", fmt::join(numbers, ", ")); }
std::string toml(const std::optional<double>& number) { return number ? toml(*number) : ""; }

void ResolvedWriter::table(const std::string& name) {
  table_ = name;
  out_ += fmt::format("\n[{}]\n", name);
}

bool ResolvedWriter::is_swept(const std::string& full_name) const {
  return std::ranges::find(sweep_.keys, full_name) != sweep_.keys.end();
}

void ResolvedWriter::key(const std::string& name, const std::function<std::string(const Experiment&)>& value_of,
                         const std::vector<std::string>& others) {
  const std::string full = table_.empty() ? name : table_ + "." + name;
  if (is_swept(full)) {
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

void ResolvedWriter::sweep() {
  if (sweep_.keys.empty()) return;
  table("sweep");
  out_ += fmt::format("zip = {}\n", sweep_.zip);
  for (std::size_t k = 0; k < sweep_.keys.size(); ++k)
    out_ += fmt::format("{} = {}\n", toml(sweep_.keys[k]), Node{sweep_.values[k], "", ""}.full_text());
}

}  // namespace kramers::analysis
