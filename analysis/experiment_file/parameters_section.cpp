#include "analysis/experiment_file/parameters_section.hpp"

#include <fmt/format.h>

#include <optional>

namespace kramers::analysis {

namespace {

using landscapes::ParameterValue;

/// A list of lists or of strings.
template <class Element, class Read>
std::optional<ParameterValue> list_of(const Node::List& list, Read read) {
  std::vector<Element> all;
  for (const Node& node : list) {
    auto element = read(node);
    if (!element) return {};
    all.push_back(std::move(*element));
  }
  return ParameterValue(std::move(all));
}

std::optional<std::string> string_in(const Node& node) {
  const auto* string = node.as<std::string>();
  return string ? std::optional(*string) : std::nullopt;
}

std::optional<ParameterValue> parameter_in(const Node& node) {
  if (const auto* integer = node.as<std::int64_t>()) return *integer;
  if (const auto* real = node.as<double>()) return *real;
  if (const auto* string = node.as<std::string>()) return *string;
  if (auto numbers = numbers_in(node)) return std::move(*numbers);
  const auto* list = node.as<Node::List>();
  if (!list) return {};
  if (auto rows = list_of<std::vector<double>>(*list, numbers_in)) return rows;
  return list_of<std::string>(*list, string_in);
}

}  // namespace

ReadParameters read_parameters(Section& section, const std::vector<landscapes::ParameterDescription>& described,
                               const std::string& what,
                               const std::function<void(const landscapes::Parameters&)>& make) {
  ReadParameters read{{}, true};
  for (const landscapes::ParameterDescription& parameter : described) {
    const Node* node = section.find(parameter.name);
    if (!node) continue;
    if (const auto value = parameter_in(*node)) {
      read.given[parameter.name] = *value;
    } else {
      section.refuse(parameter.name, parameter.type + ", " + parameter.allowed);
      read.whole = false;
    }
  }
  // Complaints come one at a time: leave out the parameter complained about and ask again, to hear them all.
  landscapes::Parameters left = read.given;
  for (std::size_t tries = 0; tries <= described.size(); ++tries) {
    try {
      make(left);
      return read;
    } catch (const landscapes::ParameterError& error) {
      read.whole = false;
      if (section.has(error.key) && error.given.empty()) return read;  // the one left out is needed
      if (section.has(error.key))
        section.refuse(error.key, error.allowed);
      else if (!error.given.empty())
        section.missing(fmt::format("{}: {}", what, error.what()));
      else if (!section.misspelt(error.key))
        section.missing(fmt::format("key '{}' is missing; allowed: {}", section.full(error.key), error.allowed));
      if (left.erase(error.key) == 0) return read;
    } catch (const std::exception& error) {
      read.whole = false;
      section.missing(fmt::format("{}: {}", what, error.what()));
      return read;
    }
  }
  return read;
}

}  // namespace kramers::analysis
