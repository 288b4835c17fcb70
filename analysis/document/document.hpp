#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kramers::analysis {

/// A TOML value that knows where it was written and, unlike toml++'s, keeps that when it is copied.
struct Node {
  using List = std::vector<Node>;
  using Table = std::map<std::string, Node>;

  std::variant<Table, List, std::string, bool, std::int64_t, double> value;
  std::string where;      // of the value: "file:line:column", or the --set option
  std::string key_where;  // of its key

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  /// As TOML on one line; `text` is shortened for messages.
  std::string full_text() const;
  std::string text() const;
  const char* type() const;
};

/// Reads TOML. Throws std::invalid_argument "file:line:column: error: ..." where the syntax is wrong. `name` is what
/// messages call the file.
Node parse_document(std::string_view text, const std::string& name);

/// Applies "key=value" (a --set option) to the document. The value is TOML, or else a string; tables on the way are
/// made. Without a value the key is as if it had not been given. A key under `sweep` is the name of the swept key,
/// quoted or not. Throws std::invalid_argument.
void override_key(Node& document, const std::string& assignment);

/// "dynamics.noise.sigma" in parts; parts in quotes keep their dots.
std::vector<std::string> split_key(std::string_view key);

/// The node under a path, or null. Digits index lists.
const Node* find(const Node& document, const std::vector<std::string>& path);
/// Takes the entry of a table away; false if it is not there.
bool remove(Node& document, std::vector<std::string> path);
/// Replaces or adds the node under a path; false when something on the way is neither table nor list.
bool assign(Node& document, const std::vector<std::string>& path, const Node& node);

}  // namespace kramers::analysis
