#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/statistics/estimate.hpp"
#include "analysis/statistics/table.hpp"

namespace kramers::analysis {

/// 0.45602, 0.0015 -> "0.4560(15)": the error in units of the last digits shown. What is not finite is not known:
/// "0.456(?)", "-".
inline std::string uncertain(double value, double error) {
  if (!std::isfinite(value)) return "-";
  if (!std::isfinite(error)) return fmt::format("{:.3g}(?)", value);
  const bool rounding = !(error > 1e-14 * std::abs(value));  // or none at all
  if (rounding) return fmt::format("{:.6g}", value);
  const int digits = std::max(0, 1 - int(std::floor(std::log10(error))));
  if (digits > 9) {  // 1.23e-30(4)
    const int exponent = std::max(-323, int(std::floor(std::log10(std::max(std::abs(value), error)))));
    const double unit = std::pow(10, exponent);
    if (unit < 1e-4) return fmt::format("{}e{}", uncertain(value / unit, error / unit), exponent);
  }
  const double scaled = std::round(error * std::pow(10, digits));
  if (digits == 0 && std::abs(value) >= 1e6) return fmt::format("{:.2e}({:.0e})", value, error);
  if (digits == 0) return fmt::format("{:.0f}({:.0f})", value, error);
  return fmt::format("{:.{}f}({:.0f})", value, digits, scaled);
}

inline std::string uncertain(const Estimate& e) { return uncertain(e.value, e.error); }

/// Entry i of a field with its error.
inline std::string uncertain(const Table& table, const std::string& field, std::size_t i) {
  return uncertain(table.estimate(field, i));
}

/// "  label: what: entry value, entry value"
inline std::string line_of_each(const Table& table, const std::string& label, const std::string& what,
                                const std::string& axis, const std::string& field) {
  std::string line = fmt::format("  {}: {}:", label, what);
  const std::vector<std::string>& entries = table.axis(axis)->words;
  for (std::size_t i = 0; i < entries.size(); ++i)
    line += fmt::format("{} {} {}", i > 0 ? "," : "", entries[i], uncertain(table, field, i));
  return line + "\n";
}

}  // namespace kramers::analysis
