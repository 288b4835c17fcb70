#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/document/document.hpp"

namespace kramers::analysis {

/// What is wrong with a document, every complaint once, in the order of lines; and what it was asked for.
class Problems {
 public:
  /// "where: error: what"
  void add(const std::string& where, const std::string& what);
  bool empty() const { return all_.empty(); }
  std::vector<std::string> sorted() const;

  /// Full names of keys, there or not.
  void note_asked(const std::string& key) { asked_.insert(key); }
  const std::set<std::string>& asked() const { return asked_; }

 private:
  std::set<std::string> all_, asked_;
};

/// Numbers that a key may have: words for people, and the test.
struct Allowed {
  std::string words;
  std::function<bool(double)> holds;
};
Allowed positive_number();
Allowed between(double low, double high, bool with_ends);
Allowed whole(double low, double high);

/// A table of the document while it is read: it hands out values, notes the keys that were asked for, and reports
/// what is missing, of the wrong type, impossible or, at the end, unknown.
class Section {
 public:
  /// `node` may be null: the table is not there, and what is missing in it is said of the place `parent_where`. `path`
  /// names it in messages: "dynamics", "dynamics.noise".
  Section(const Node* node, std::string path, Problems& problems, std::string parent_where = "");

  const Node* find(const std::string& key);
  bool has(const std::string& key) const;
  bool is_table() const { return node_ && node_->as<Node::Table>(); }

  std::optional<double> number(const std::string& key, const Allowed& allowed);
  /// Integers, or numbers without a fraction such as 1e6.
  std::optional<std::uint64_t> count(const std::string& key, double low, double high);
  std::optional<bool> truth(const std::string& key);
  std::optional<std::string> string(const std::string& key);
  /// One of the names.
  std::optional<std::string> name(const std::string& key, const std::vector<std::string>& allowed);
  std::optional<std::vector<double>> numbers(const std::string& key);
  Section section(const std::string& key);

  /// "key 'path.key' = value must be ..., not ...": the complaint stands where the value does.
  void refuse(const std::string& key, const std::string& allowed);
  void missing(const std::string& what);
  /// Not there, but another key that nobody asked for is probably meant to be it (and will be reported).
  bool misspelt(const std::string& key) const;
  /// Reports keys that nobody asked for. `elsewhere` gives the full name of a key that another table has, or "".
  void finish(const std::function<std::string(const std::string&)>& elsewhere = {});

  std::string full(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
  std::string where() const;
  Problems& problems() { return *problems_; }
  const Node::Table& table() const { return *table_; }

 private:
  const Node* node_;
  const Node::Table* table_;
  std::string path_, parent_where_;
  Problems* problems_;
  std::vector<std::string> known_;
};

/// The number in a node, integers included.
std::optional<double> number_in(const Node& node);
/// None where the node is no list of usable numbers (landscapes::is_usable).
std::optional<std::vector<double>> numbers_in(const Node& node);
/// Somewhere in a list, or a list of lists.
bool holds_unusable_number(const Node& node);
std::string join(const std::vector<std::string>& words);

}  // namespace kramers::analysis
