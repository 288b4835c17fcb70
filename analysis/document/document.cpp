#include "analysis/document/document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <stdexcept>

#include "analysis/document/nearest_name.hpp"
#include "analysis/document/plain_text.hpp"

namespace kramers::analysis {

namespace {

using Where = std::function<std::string(const toml::source_region&)>;

/// Parts of a dotted key, and tables and lists within one another: what lies deeper would exhaust the stack.
constexpr int most_parts = 12, deepest = 64;

/// Whether a dotted key has more parts than that. toml++ makes a table of each, and cannot take apart what it made.
bool has_long_key(std::string_view text) {
  int dots = 0;
  while (!text.empty()) {
    const char c = text[0];
    if (c == '"' || c == '\'') {  // a text: over when its quotes come again
      const std::string quotes(text.starts_with(std::string(3, c)) ? 3 : 1, c);
      std::size_t end = quotes.size();
      while (end < text.size() && !text.substr(end).starts_with(quotes)) end += c == '"' && text[end] == '\\' ? 2 : 1;
      text.remove_prefix(std::min(end + quotes.size(), text.size()));
      continue;
    }
    if (c == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
      continue;
    }
    if (c == '.' && ++dots >= most_parts) return true;
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
    text.remove_prefix(1);
  }
  return false;
}

Node convert(const toml::node& node, const Where& where, const std::string& key_where, int depth = 0) {
  Node result;
  result.where = where(node.source());
  if (depth > deepest)
    throw std::invalid_argument(
        fmt::format("{}: error: tables and lists lie more than {} deep in one another", result.where, deepest));
  result.key_where = key_where;
  if (const auto* table = node.as_table()) {
    Node::Table entries;
    for (const auto& [key, entry] : *table)
      entries[std::string(key.str())] = convert(entry, where, where(key.source()), depth + 1);
    result.value = std::move(entries);
  } else if (const auto* array = node.as_array()) {
    Node::List elements;
    for (const auto& element : *array) elements.push_back(convert(element, where, key_where, depth + 1));
    result.value = std::move(elements);
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* truth = node.as_boolean()) {
    result.value = truth->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    result.value = real->get();
  } else {
    throw std::invalid_argument(result.where + ": error: dates and times have no meaning here");
  }
  return result;
}

std::string escaped(const std::string& text) {
  std::string all = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      all += '\\', all += c;
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      all += fmt::format("\\u{:04x}", int(static_cast<unsigned char>(c)));
    else
      all += c;
  }
  return all + "\"";
}

/// The entry of the same table that was probably meant.
std::string hint(const Node& document, std::vector<std::string> path) {
  const std::string last = path.back();
  path.pop_back();
  std::vector<std::string> there;
  const Node* owner = find(document, path);
  if (const auto* table = owner ? owner->as<Node::Table>() : nullptr)
    for (const auto& [key, entry] : *table) there.push_back(key);
  return did_you_mean(last, there);
}

}  // namespace

std::string Node::full_text() const {
  if (const auto* table = as<Table>()) {
    std::string all;
    for (const auto& [key, entry] : *table) all += (all.empty() ? " " : ", ") + key + " = " + entry.full_text();
    return "{" + all + " }";
  }
  if (const auto* list = as<List>()) {
    std::string all;
    for (const Node& element : *list) all += (all.empty() ? "" : ", ") + element.full_text();
    return "[" + all + "]";
  }
  if (const auto* text = as<std::string>()) return escaped(*text);
  if (const auto* truth = as<bool>()) return *truth ? "true" : "false";
  if (const auto* integer = as<std::int64_t>()) return std::to_string(*integer);
  return fmt::format("{}", *as<double>());
}

std::string Node::text() const {
  std::string all = full_text();
  return all.size() > 100 ? all.substr(0, 97) + "..." : all;
}

const char* Node::type() const {
  static constexpr const char* names[] = {"a table", "a list", "a string", "true or false", "an integer", "a number"};
  return names[value.index()];
}

Node parse_document(std::string_view text, const std::string& name) {
  const Where where = [&](const toml::source_region& source) {
    return fmt::format("{}:{}:{}", name, source.begin.line, source.begin.column);
  };
  if (has_long_key(text))
    throw std::invalid_argument(fmt::format("{}: error: a key has more than {} parts", name, most_parts));
  try {
    return convert(toml::parse(text), where, name);
  } catch (const toml::parse_error& error) {
    std::string what = printable(error.description());
    // toml++ 3.3 does not say what is usually wrong here.
    if (what.find("control character") != std::string::npos) what += " (missing closing quote?)";
    throw std::invalid_argument(fmt::format("{}: error: {}", where(error.source()), what));
  }
}

void override_key(Node& document, const std::string& assignment) {
  const std::string option = "--set '" + assignment + "'";
  const auto equals = assignment.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw std::invalid_argument(option + ": error: must be key=value, such as dynamics.batch_size=16");
  const auto trimmed = [](std::string text) {
    text.erase(0, text.find_first_not_of(" \t"));
    text.erase(text.find_last_not_of(" \t") + 1);
    return text;
  };
  const std::string value = trimmed(assignment.substr(equals + 1));
  const auto nested = split_key(trimmed(assignment.substr(0, equals)));
  auto path = nested;
  if (path.size() > most_parts || has_long_key(value))
    throw std::invalid_argument(fmt::format("--set {}...: error: a key has more than {} parts",
                                            printable(assignment.substr(0, 40)), most_parts));
  if (path.size() > 2 && path[0] == "sweep") {
    for (std::size_t i = 2; i < path.size(); ++i) path[1] += "." + path[i];
    path.resize(2);
  }
  const Where where = [&](const toml::source_region&) { return option; };
  if (value.empty()) {
    if (!remove(document, path) && !remove(document, nested))
      throw std::invalid_argument(fmt::format("{}: error: there is no such key to unset{} allowed: a key that is given",
                                              option, hint(document, path)));
    return;
  }
  Node node;
  try {
    const auto parsed = toml::parse("value = " + value);
    if (parsed.size() != 1) throw std::invalid_argument(option + ": error: one value is wanted");
    node = convert(*parsed.get("value"), where, option);
  } catch (const toml::parse_error&) {
    node = {value, option, option};
  }
  if (!assign(document, path, node))
    throw std::invalid_argument(fmt::format("{}: error: there is nothing under this key: not a table", option));
}

std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> parts(1);
  char quote = 0;
  for (char c : key) {
    if (quote ? c == quote : c == '"' || c == '\'')
      quote = quote ? 0 : c;
    else if (c == '.' && !quote)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

namespace {

Node* element(Node::List& list, const std::string& part) {
  const bool index = !part.empty() && part.size() < 7 && std::all_of(part.begin(), part.end(), ::isdigit);
  return index && std::stoul(part) < list.size() ? &list[std::stoul(part)] : nullptr;
}

}  // namespace

const Node* find(const Node& document, const std::vector<std::string>& path) {
  const Node* node = &document;
  for (const std::string& part : path) {
    if (const auto* table = node->as<Node::Table>()) {
      const auto found = table->find(part);
      node = found == table->end() ? nullptr : &found->second;
    } else if (const auto* list = node->as<Node::List>()) {
      node = element(const_cast<Node::List&>(*list), part);
    } else {
      node = nullptr;
    }
    if (!node) return nullptr;
  }
  return node;
}

bool remove(Node& document, std::vector<std::string> path) {
  const std::string last = path.back();
  path.pop_back();
  const Node* owner = find(document, path);
  const auto* table = owner ? owner->as<Node::Table>() : nullptr;
  return table && const_cast<Node::Table*>(table)->erase(last) > 0;
}

bool assign(Node& document, const std::vector<std::string>& path, const Node& value) {
  Node* node = &document;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (auto* table = std::get_if<Node::Table>(&node->value)) {
      const auto [found, is_new] = table->try_emplace(path[i]);
      node = &found->second;
      if (is_new) node->where = node->key_where = value.where;
    } else if (auto* list = std::get_if<Node::List>(&node->value)) {
      node = element(*list, path[i]);
      if (!node) return false;
    } else {
      return false;
    }
  }
  *node = value;
  return true;
}

}  // namespace kramers::analysis
