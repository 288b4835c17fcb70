#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/statistics/jackknife.hpp"

namespace kramers::apps {

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

inline std::string uncertain(const analysis::Estimate& e) { return uncertain(e.value, e.error); }

}  // namespace kramers::apps
