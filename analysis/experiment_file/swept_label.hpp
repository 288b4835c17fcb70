#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace kramers::analysis {

/// What people call a swept key: its path without the section, "batch_size", "noise.sigma", "learning_rate.values.1";
/// with it, where that is the end of another swept key's, too.
inline std::string swept_label(const std::string& key, const std::vector<std::string>& keys) {
  const auto without_section = [](const std::string& path) { return path.substr(path.find('.') + 1); };
  const std::string label = without_section(key);
  const bool tells = std::ranges::none_of(keys, [&](const std::string& other) {
    const std::string theirs = without_section(other);
    return other != key && (theirs == label || theirs.ends_with("." + label));
  });
  return tells ? label : key;
}

}  // namespace kramers::analysis
