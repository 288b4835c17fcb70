#include "analysis/results/run_group.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "analysis/results/results_layout.hpp"

namespace kramers::analysis {

using layout::plain_name;

Integers count_up(std::size_t size) {
  Integers numbers(size);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

Names theta_names(int dim) {
  Names names;
  for (int i = 0; i < dim; ++i) names.push_back("theta_" + std::to_string(i));
  return names;
}

namespace {

Coordinate swept_coordinate(const Results& results, const std::string& key) {
  std::string name = plain_name(key.substr(key.rfind('.') + 1));
  const auto same_leaf = [&](const auto& other) {
    return plain_name(other.first.substr(other.first.rfind('.') + 1)) == name;
  };
  if (layout::is_taken(name) || std::isdigit(static_cast<unsigned char>(name[0])) ||
      std::ranges::count_if(results.runs[0].swept, same_leaf) > 1)
    name = plain_name(key);
  Attributes attributes = {{"long_name", "swept " + key}, {"key", key}};

  const bool is_number = std::holds_alternative<double>(results.runs[0].swept.at(key));
  std::vector<double> numbers;
  Names words;
  for (const auto& run : results.runs) {
    const auto& value = run.swept.at(key);
    if (std::holds_alternative<double>(value) != is_number)
      throw std::invalid_argument("the swept values of " + key + " are numbers in some runs and words in others");
    if (is_number)
      numbers.push_back(std::get<double>(value));
    else
      words.push_back(std::get<std::string>(value));
  }
  if (is_number) {
    attributes.push_back({"units", "1"});
    return {name, numbers, attributes};
  }
  Names meanings(words);
  std::ranges::sort(meanings);
  meanings.erase(std::unique(meanings.begin(), meanings.end()), meanings.end());
  if (meanings.size() > 127) throw std::invalid_argument("the sweep over " + key + " has more than 127 words");
  std::vector<std::int8_t> codes, flags(meanings.size());
  for (const auto& word : words) codes.push_back(std::int8_t(std::ranges::find(meanings, word) - meanings.begin()));
  std::iota(flags.begin(), flags.end(), 0);
  std::string joined;
  for (const auto& word : meanings) joined += (joined.empty() ? "" : " ") + word;
  attributes.push_back({"flag_values", flags});
  attributes.push_back({"flag_meanings", joined});
  attributes.push_back({"meanings", meanings});
  return {name, codes, attributes};
}

}  // namespace

std::vector<Coordinate> coordinates_of_runs(const Results& results) {
  std::vector<Coordinate> all;
  std::vector<double> temperature;
  for (const auto& run : results.runs) {
    const auto at = run.derived.find("temperature");
    temperature.push_back(at == run.derived.end() ? not_known : at->second);
  }
  all.push_back({"temperature", temperature, {{"units", "1"}, {"long_name", "temperature T"}}});
  for (const auto& [key, value] : results.runs[0].swept) all.push_back(swept_coordinate(results, key));
  return all;
}

RunGroup::RunGroup(Hdf5Writer& file, const Results& results, const std::vector<Coordinate>& coordinates,
                   std::string path, const std::string& long_name)
    : file_(file), path_(std::move(path)) {
  file_.group(path_);
  file_.attribute(path_, "long_name", long_name);
  dimension("run", count_up(results.runs.size()), "run of the sweep");
  for (const auto& c : coordinates) {
    file_.variable(path_ + "/" + c.name, {"run"}, c.values, c.attributes);
    auxiliary_ += (auxiliary_.empty() ? "" : " ") + c.name;
  }
}

void RunGroup::dimension(const std::string& name, const Values& values, const std::string& long_name,
                         Attributes attributes) {
  attributes.insert(attributes.begin(), {{"units", "1"}, {"long_name", long_name}});
  file_.dimension(path_ + "/" + name, values, attributes);
}

void RunGroup::variable(const std::string& name, const Names& dimensions, const Values& values,
                        const std::string& long_name, Storage storage, Attributes attributes) {
  attributes.insert(attributes.begin(), {{"units", "1"}, {"long_name", long_name}});
  // CF: what belongs to a dimension beside its number
  std::string coordinates;
  if (std::ranges::find(dimensions, "run") != dimensions.end()) coordinates = auxiliary_;
  for (const auto& [theirs, coordinate] : more_)
    if (std::ranges::all_of(theirs,
                            [&](const auto& dimension) { return std::ranges::count(dimensions, dimension) > 0; }))
      coordinates += (coordinates.empty() ? "" : " ") + coordinate;
  if (!coordinates.empty()) attributes.push_back({"coordinates", coordinates});
  file_.variable(path_ + "/" + name, dimensions, values, attributes, storage);
}

void RunGroup::coordinate(const std::string& name, const Names& dimensions, const Values& values,
                          const std::string& long_name) {
  Attributes attributes = {{"long_name", long_name}};
  if (!std::holds_alternative<Names>(values)) attributes.push_back({"units", "1"});
  file_.variable(path_ + "/" + name, dimensions, values, attributes);
  more_.emplace_back(dimensions, name);
}

void RunGroup::attribute(const std::string& object, const std::string& name, const Attribute& value) {
  file_.attribute(object.empty() ? path_ : path_ + "/" + object, name, value);
}

}  // namespace kramers::analysis
