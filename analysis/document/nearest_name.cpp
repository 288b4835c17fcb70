#include "analysis/document/nearest_name.hpp"

#include <algorithm>
#include <cctype>

namespace kramers::analysis {

namespace {

std::string letters(std::string_view name) {
  std::string kept;
  for (unsigned char c : name)
    if (c != '_' && c != '-' && c != ' ') kept += char(std::tolower(c));
  return kept;
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn a into b.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

std::string nearest_name(std::string_view given, const std::vector<std::string>& known) {
  const std::string a = letters(given);
  if (a.empty() || a.size() > 64) return "";
  std::string nearest;
  std::size_t least = 1 + std::max<std::size_t>(1, a.size() / 3);
  for (const std::string& name : known) {
    const std::string b = letters(name);
    // "double-well" means "asymmetric-double-well" although many letters are missing.
    const bool part = a.size() >= 4 && b.find(a) != std::string::npos;
    const std::size_t d = part ? std::min<std::size_t>(distance(a, b), 1) : distance(a, b);
    if (d < least) least = d, nearest = name;
  }
  return nearest;
}

std::string did_you_mean(std::string_view given, const std::vector<std::string>& known) {
  const std::string name = nearest_name(given, known);
  return name.empty() ? ";" : "; did you mean '" + name + "'?";
}

}  // namespace kramers::analysis
