#include "analysis/document/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "analysis/document/nearest_name.hpp"
#include "landscapes/model/parameters.hpp"

namespace kramers::analysis {

void Problems::add(const std::string& where, const std::string& what) { all_.insert(where + ": error: " + what); }

std::vector<std::string> Problems::sorted() const {
  std::vector<std::string> list(all_.begin(), all_.end());
  // Numbers inside messages compare as numbers: line 9 comes before line 10.
  const auto place = [](const std::string& text) {
    std::vector<long> numbers;
    const std::string head = text.substr(0, text.find(": error:"));
    for (auto colon = head.find(':'); colon != std::string::npos; colon = head.find(':', colon + 1))
      numbers.push_back(std::strtol(head.c_str() + colon + 1, nullptr, 10));
    return numbers;
  };
  std::stable_sort(list.begin(), list.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  return list;
}

Allowed positive_number() {
  return {"a number > 0", [](double a) { return a > 0; }};
}
Allowed between(double low, double high, bool with_ends) {
  return {fmt::format("a number {} {} and {} {}", with_ends ? ">=" : ">", low, with_ends ? "<=" : "<", high),
          [=](double a) { return with_ends ? a >= low && a <= high : a > low && a < high; }};
}
Allowed whole(double low, double high) {
  const std::int64_t last = high >= 0x1p63 ? std::numeric_limits<std::int64_t>::max() : std::int64_t(high);
  return {fmt::format("a whole number from {:.0f} to {}", low, last),
          [=](double a) { return a >= low && a <= high && a == std::floor(a); }};
}

std::optional<double> number_in(const Node& node) {
  if (const auto* integer = node.as<std::int64_t>()) return double(*integer);
  if (const auto* real = node.as<double>()) return *real;
  return {};
}

std::optional<std::vector<double>> numbers_in(const Node& node) {
  const auto* list = node.as<Node::List>();
  if (!list) return {};
  std::vector<double> numbers;
  for (const Node& element : *list) {
    const auto number = number_in(element);
    if (!number || !landscapes::is_usable(*number)) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

bool holds_unusable_number(const Node& node) {
  if (const auto* list = node.as<Node::List>()) return std::any_of(list->begin(), list->end(), holds_unusable_number);
  const auto number = number_in(node);
  return number && !landscapes::is_usable(*number);
}

std::string join(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

Section::Section(const Node* node, std::string path, Problems& problems, std::string parent_where)
    : node_(node), path_(std::move(path)), parent_where_(std::move(parent_where)), problems_(&problems) {
  static const Node::Table nothing;
  table_ = node ? node->as<Node::Table>() : nullptr;
  if (node && !table_)
    problems.add(node->where, fmt::format("key '{}' = {} must be a table, not {}", path_, node->text(), node->type()));
  if (!table_) table_ = &nothing;
}

bool Section::has(const std::string& key) const { return table_->count(key) > 0; }

std::string Section::where() const { return node_ ? node_->where : parent_where_; }

const Node* Section::find(const std::string& key) {
  known_.push_back(key);
  problems_->note_asked(full(key));
  const auto found = table_->find(key);
  return found == table_->end() ? nullptr : &found->second;
}

void Section::refuse(const std::string& key, const std::string& allowed) {
  const Node& node = table_->at(key);
  const bool by_size = node.as<Node::List>() && holds_unusable_number(node) &&
                       allowed.find(landscapes::usable_words) == std::string::npos;
  problems_->add(node.where, fmt::format("key '{}' = {} is not possible; allowed: {}{}", full(key), node.text(),
                                         allowed, by_size ? std::string(", ") + landscapes::usable_words : ""));
}

void Section::missing(const std::string& what) { problems_->add(where(), what); }

bool Section::misspelt(const std::string& key) const {
  return !has(key) && std::any_of(table_->begin(), table_->end(), [&](const auto& entry) {
    return std::find(known_.begin(), known_.end(), entry.first) == known_.end() &&
           nearest_name(entry.first, known_) == key;
  });
}

std::optional<double> Section::number(const std::string& key, const Allowed& allowed) {
  const Node* node = find(key);
  if (!node) return {};
  const auto value = number_in(*node);
  if (!value) {
    problems_->add(node->where, fmt::format("key '{}' = {} must be a number, not {}; allowed: {}", full(key),
                                            node->text(), node->type(), allowed.words));
    return {};
  }
  if (allowed.holds(*value) && landscapes::is_usable(*value)) return value;
  refuse(key, std::isfinite(*value) && allowed.holds(*value) ? allowed.words + ", " + landscapes::usable_words
                                                             : allowed.words);
  return {};
}

std::optional<std::uint64_t> Section::count(const std::string& key, double low, double high) {
  // Integers beyond 2^53 (seeds) keep all their digits.
  if (const Node* node = find(key))
    if (const auto* integer = node->as<std::int64_t>();
        integer && *integer >= 0 && double(*integer) >= low && double(*integer) <= high)
      return std::uint64_t(*integer);
  const auto value = number(key, whole(low, high));
  return value ? std::optional(std::uint64_t(*value)) : std::nullopt;
}

std::optional<bool> Section::truth(const std::string& key) {
  const Node* node = find(key);
  if (!node) return {};
  if (const bool* value = node->as<bool>()) return *value;
  refuse(key, "true or false");
  return {};
}

std::optional<std::string> Section::string(const std::string& key) {
  const Node* node = find(key);
  if (!node) return {};
  if (const auto* value = node->as<std::string>()) return *value;
  problems_->add(node->where,
                 fmt::format("key '{}' = {} must be a string, not {}", full(key), node->text(), node->type()));
  return {};
}

std::optional<std::string> Section::name(const std::string& key, const std::vector<std::string>& allowed) {
  const auto value = string(key);
  if (!value || std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return value;
  const Node& node = table_->at(key);
  problems_->add(node.where, fmt::format("key '{}' = {} is unknown{} allowed: {}", full(key), node.text(),
                                         did_you_mean(*value, allowed), join(allowed)));
  return {};
}

std::optional<std::vector<double>> Section::numbers(const std::string& key) {
  const Node* node = find(key);
  if (!node) return {};
  auto value = numbers_in(*node);
  if (!value) refuse(key, "a list of finite numbers");
  return value;
}

Section Section::section(const std::string& key) { return Section(find(key), full(key), *problems_, where()); }

void Section::finish(const std::function<std::string(const std::string&)>& elsewhere) {
  for (const auto& [key, node] : *table_) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string hint = did_you_mean(key, known_);
    if (const std::string other = elsewhere ? elsewhere(key) : ""; hint == ";" && !other.empty() && other != full(key))
      hint = "; did you mean '" + other + "'?";
    std::vector<std::string> known = known_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    problems_->add(node.key_where,
                   fmt::format("key '{}' = {} is unknown{} allowed: {}", full(key), node.text(), hint, join(known)));
  }
}

}  // namespace kramers::analysis
