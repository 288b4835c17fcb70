#include "analysis/experiment_file/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/document/nearest_name.hpp"

namespace kramers::analysis {

namespace {

const std::vector<std::string> sweepable = {"dynamics.batch_size", "dynamics.friction",    "dynamics.learning_rate",
                                            "dynamics.momentum",   "dynamics.temperature", "dynamics.time_step"};

/// A number inside the table of a schedule, such as "dynamics.learning_rate.values.1".
bool is_in_schedule(const std::string& key) {
  return key.starts_with("dynamics.learning_rate.") || key.starts_with("dynamics.batch_size.") ||
         key.starts_with("dynamics.temperature.");
}

/// Entries of nested tables under their dotted names, so that keys may be quoted or not.
void flatten(const Node::Table& table, const std::string& prefix, Node::Table& into) {
  for (const auto& [key, node] : table)
    if (const auto* inner = node.as<Node::Table>(); inner && !inner->empty())
      flatten(*inner, prefix + key + ".", into);
    else
      into[prefix + key] = node;
}

}  // namespace

std::uint64_t Sweep::runs() const {
  if (keys.empty()) return 1;
  if (zip) return values[0].size();
  std::uint64_t product = 1;
  for (const auto& list : values) product = std::min<std::uint64_t>(product * list.size(), most_runs + 1);
  return product;
}

std::vector<std::size_t> Sweep::choice(std::uint64_t run) const {
  std::vector<std::size_t> index(keys.size(), run);
  for (std::size_t k = keys.size(); !zip && k-- > 0; run /= values[k].size()) index[k] = run % values[k].size();
  return index;
}

Sweep read_sweep(const Node* node, const std::vector<std::string>& fixed, Problems& problems) {
  Sweep sweep;
  Section section(node, "sweep", problems);
  sweep.zip = section.truth("zip").value_or(false);
  Node::Table lists;
  flatten(section.table(), "", lists);
  lists.erase("zip");
  for (const auto& [key, entry] : lists) {
    if (std::find(fixed.begin(), fixed.end(), key) != fixed.end()) continue;
    const bool landscape = key.starts_with("landscape.") && key != "landscape.name";
    const bool noise = key.starts_with("dynamics.noise.") && key != "dynamics.noise.kind";
    if (!landscape && !noise && !is_in_schedule(key) &&
        std::find(sweepable.begin(), sweepable.end(), key) == sweepable.end()) {
      problems.add(
          entry.key_where,
          fmt::format("key 'sweep.{}' = {} cannot be swept: it is unknown, or not a number, or would change the "
                      "shape of the results{} allowed: {}, numbers in their schedules such as "
                      "dynamics.learning_rate.values.0, parameters of the landscape, parameters of the noise",
                      key, entry.text(), did_you_mean(key, sweepable), join(sweepable)));
      continue;
    }
    const auto* list = entry.as<Node::List>();
    const bool numbers =
        list && std::all_of(list->begin(), list->end(), [](const Node& value) { return number_in(value).has_value(); });
    if (!numbers || list->empty()) {
      problems.add(entry.where,
                   fmt::format("key 'sweep.{}' = {} is not possible; allowed: a list of one or more numbers", key,
                               entry.text()));
      continue;
    }
    if (sweep.zip && !sweep.values.empty() && sweep.values[0].size() != list->size()) {
      problems.add(entry.where, fmt::format("key 'sweep.{}' has {} values where '{}' has {}; with zip = true all lists "
                                            "must be equally long",
                                            key, list->size(), sweep.keys[0], sweep.values[0].size()));
      continue;
    }
    sweep.keys.push_back(key);
    sweep.values.push_back(*list);
  }
  if (sweep.runs() > most_runs) {
    problems.add(section.where(), fmt::format("the sweep has more than {} runs", most_runs));
    sweep.keys.clear(), sweep.values.clear();
  }
  return sweep;
}

}  // namespace kramers::analysis
