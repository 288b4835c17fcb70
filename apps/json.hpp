#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// JSON literals. Numbers that JSON has no word for (infinite, NaN) are null.
inline std::string json(std::string_view text) {
  std::string all = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      all += '\\', all += char(c);
    else if (c < 0x20)
      all += fmt::format("\\u{:04x}", int(c));
    else
      all += char(c);
  }
  return all + "\"";
}

inline std::string json(double number) { return std::isfinite(number) ? fmt::format("{}", number) : "null"; }

inline std::string json(const std::vector<double>& numbers) {
  std::string all;
  for (double number : numbers) all += (all.empty() ? "" : ", ") + json(number);
  return "[" + all + "]";
}

}  // namespace kramers
